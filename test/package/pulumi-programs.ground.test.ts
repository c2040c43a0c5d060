import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type ControlPlane, startControlPlane } from "../ground/index.ts";
import { openPulumi, PulumiFailed } from "../ground/pulumi/index.ts";
import { type Consumer, installedConsumer } from "./installed-consumer.ts";

let controlPlane: ControlPlane;
let consumer: Consumer;
before(async () => {
  [controlPlane, consumer] = await Promise.all([startControlPlane({ controllerManager: false }), installedConsumer()]);
});
after(async () => {
  await Promise.all([controlPlane?.stop(), consumer?.remove()]);
});

/** What `pulumi preview` prints. */
async function preview(folder: string): Promise<string> {
  const pulumi = await openPulumi({ folder, env: { KUBECONFIG: controlPlane.kubeconfigPath } });
  try {
    await pulumi.stackInit();
    return (await pulumi.preview()).stdout;
  } finally {
    await pulumi.close();
  }
}

/** A CommonJS program, as `pulumi new kubernetes-typescript` sets one up. */
function writeProgram(body: string): void {
  consumer.write("package.json", '{ "name": "program", "main": "index.ts" }');
  consumer.write("Pulumi.yaml", "name: program\nruntime: nodejs\n");
  const compilerOptions = {
    target: "es2020",
    module: "commonjs",
    moduleResolution: "node",
    strict: true,
    skipLibCheck: true,
  };
  consumer.write("tsconfig.json", JSON.stringify({ compilerOptions, files: ["index.ts"] }));
  consumer.write("index.ts", body);
}

test("a CommonJS TypeScript program uses the package", async () => {
  writeProgram(`
    import * as eso from "pulumi-external-secrets";
    new eso.ExternalSecretsOperator("eso", { image: "example.test/image:1" });
    new eso.SecretStore("store", { spec: { provider: { fake: { data: [{ key: "k", value: "v" }] } } } });
  `);
  assert.match(await preview(consumer.folder), /SecretStore store/);
});

test("a wrong spec fails at preview, naming the resource and what is wrong", async () => {
  writeProgram(`
    import { ExternalSecret } from "pulumi-external-secrets";
    new ExternalSecret("wish", { spec: { secretStoreRef: { name: "store" } } });
  `);
  await assert.rejects(preview(consumer.folder), (error) => {
    assert.ok(error instanceof PulumiFailed);
    assert.match(
      `${error.result.stdout}${error.result.stderr}`,
      /ExternalSecret wish: either data or dataFrom should be specified/,
    );
    return true;
  });
});
