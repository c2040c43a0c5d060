import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type ControlPlane, startControlPlane } from "../ground/index.ts";
import { openPulumi, type Pulumi, PulumiFailed } from "../ground/pulumi/index.ts";
import { type Consumer, installedConsumer } from "./installed-consumer.ts";

const EXECUTABLE = "node_modules/pulumi-external-secrets/dist/plugin/pulumi-resource-external-secrets";

let controlPlane: ControlPlane;
let consumer: Consumer;
let pulumi: Pulumi;
before(async () => {
  [controlPlane, consumer] = await Promise.all([startControlPlane({ controllerManager: false }), installedConsumer()]);
  consumer.write("package.json", '{ "name": "program", "type": "module", "main": "index.mjs" }');
  writeProject("node_modules/pulumi-external-secrets/dist/plugin");
  consumer.write("index.mjs", program("value-of-the-store"));
  pulumi = await openPulumi({ folder: consumer.folder, env: { KUBECONFIG: controlPlane.kubeconfigPath } });
  await pulumi.stackInit();
});
after(async () => {
  await pulumi?.close();
  await Promise.all([controlPlane?.stop(), consumer?.remove()]);
});

/** @param pluginFolder where the engine finds the provider. */
function writeProject(pluginFolder: string): void {
  const providers = `[{ name: external-secrets, path: ${join(consumer.folder, pluginFolder)} }]`;
  const runtime = "{ name: nodejs, options: { typescript: false } }";
  consumer.write(
    "Pulumi.yaml",
    `name: program\nruntime: ${runtime}\nmain: index.mjs\nplugins: { providers: ${providers} }\n`,
  );
}

/** What a generated SDK of any language does: it names a type and its inputs, and the engine asks the provider for the rest. */
function program(value: string): string {
  return `
import * as pulumi from "@pulumi/pulumi";
class Remote extends pulumi.ComponentResource {
  constructor(kind, name, inputs, outputs, options) {
    const unknown = Object.fromEntries(outputs.map((output) => [output, undefined]));
    super("external-secrets:index:" + kind, name, { ...inputs, ...unknown }, options, true);
  }
}
const options = { skipAwait: true };
const operator = new Remote(
  "ExternalSecretsOperator", "operator", { image: "example.test/image:1", ...options }, ["namespace", "deploymentName"],
);
const provider = { fake: { data: [{ key: "k", value: pulumi.secret("${value}") }] } };
const store = new Remote(
  "SecretStore", "store", { metadata: { name: "store", namespace: "default" }, spec: { provider }, ...options }, ["ref"],
  { dependsOn: operator },
);
const spec = { target: { name: pulumi.output("wanted") }, data: [{ secretKey: "a", remoteRef: { key: "k" } }] };
const wish = new Remote(
  "ExternalSecret", "wish", { metadata: { namespace: "default" }, store: store.ref, spec, ...options }, ["secretName", "ready"],
);
export const namespace = operator.namespace;
export const secretName = wish.secretName;
export const ref = store.ref;
`;
}

test("a program that knows the provider's types only gets the components", async () => {
  await pulumi.up();
  const { namespace, secretName, ref } = await pulumi.outputs();
  assert.deepEqual(
    { namespace, secretName, ref },
    {
      namespace: "external-secrets",
      secretName: "wanted",
      ref: { kind: "SecretStore", name: "store" },
    },
  );
  const types = (await pulumi.exportStack()).deployment.resources?.map(({ type }) => type) ?? [];
  for (const expected of [
    "external-secrets:index:ExternalSecretsOperator",
    "kubernetes:apps/v1:Deployment",
    "kubernetes:external-secrets.io/v1:SecretStore",
    "kubernetes:external-secrets.io/v1:ExternalSecret",
  ]) {
    assert.ok(types.includes(expected), `${expected} is not among ${types.join(", ")}`);
  }
});

test("a secret input is nowhere in the state in clear", async () => {
  assert.doesNotMatch(JSON.stringify(await pulumi.exportStack()), /value-of-the-store/);
});

test("a second up finds nothing to do, the package's folder being the plugin, as after pulumi package add", async () => {
  writeProject("node_modules/pulumi-external-secrets");
  const { stdout } = await pulumi.up({ args: ["--expect-no-changes"] });
  assert.match(stdout, /unchanged/);
});

test("a wrong argument fails the preview, naming the resource and what is wrong", async () => {
  consumer.write(
    "index.mjs",
    program("value-of-the-store").replace('data: [{ secretKey: "a", remoteRef: { key: "k" } }]', ""),
  );
  await assert.rejects(pulumi.preview(), (error) => {
    assert.ok(error instanceof PulumiFailed);
    assert.match(`${error.result.stdout}${error.result.stderr}`, /ExternalSecret wish: either data or dataFrom/);
    return true;
  });
});

test("the CLI reads the schema from the package", async () => {
  const plugin = join(consumer.folder, EXECUTABLE);
  const { stdout, code, stderr } = await pulumi.run(["package", "get-schema", plugin]);
  assert.equal(code, 0, stderr);
  const { resources } = JSON.parse(stdout.slice(stdout.indexOf("{")));
  assert.ok(resources["external-secrets:index:SyncedSecret"] !== undefined);
  assert.equal(resources["external-secrets:index:ExternalSecretsOperator"].isComponent, true);
});

test("SIGINT ends the provider at once, as the engine expects of a plugin that it is done with", async () => {
  const child = spawn(join(consumer.folder, EXECUTABLE), ["127.0.0.1:1"], {
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 20_000,
  });
  const ended = once(child, "exit");
  const [port] = await once(child.stdout, "data");
  assert.match(String(port), /^\d+\n$/);
  child.kill("SIGINT");
  assert.deepEqual(await ended, [0, null]);
});
