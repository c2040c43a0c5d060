import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { projectFolder } from "../../scripts/run-step.ts";
import { type ControlPlane, startControlPlane } from "../ground/index.ts";
import { openPulumi, type Pulumi } from "../ground/pulumi/index.ts";
import { resolveTool } from "../ground/tools/resolve-tool.ts";
import { type Consumer, installedConsumer } from "./installed-consumer.ts";

let controlPlane: ControlPlane;
let consumer: Consumer;
let pulumi: Pulumi;
before(async () => {
  [controlPlane, consumer] = await Promise.all([startControlPlane({ controllerManager: false }), installedConsumer()]);
  consumer.write("package.json", "{}");
  // The example, where the plugin is and where nothing can become ready.
  const example = await readFile(join(projectFolder, "examples", "yaml", "Pulumi.yaml"), "utf8");
  const program = example
    .replace("./.plugins/node_modules", "./node_modules")
    .replaceAll("    properties:\n", "    properties:\n      skipAwait: true\n");
  consumer.write("Pulumi.yaml", program);
  pulumi = await openPulumi({ folder: consumer.folder, env: { KUBECONFIG: controlPlane.kubeconfigPath } });
  await installLanguageHost(pulumi);
  await pulumi.stackInit();
});
after(async () => {
  await pulumi?.close();
  await Promise.all([controlPlane?.stop(), consumer?.remove()]);
});

/** Puts the language host of YAML where this Pulumi looks for plugins. */
async function installLanguageHost({ variables }: Pulumi): Promise<void> {
  const { path, version } = await resolveTool("pulumi-language-yaml");
  const folder = join(variables.PULUMI_HOME ?? "", "plugins", `language-yaml-v${version}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "pulumi-language-yaml"), `#!/bin/sh\nexec '${path}' "$@"\n`, { mode: 0o755 });
}

test("a YAML program gets the components, and a second up finds nothing to do", async () => {
  await pulumi.up();
  assert.deepEqual(await pulumi.outputs(), { secretName: "database-credentials" });
  const { resources = [] } = (await pulumi.exportStack()).deployment;
  const children = resources
    .map(({ type }) => type)
    .filter((type) => type.startsWith("kubernetes:external-secrets.io/"));
  assert.deepEqual(children.sort(), [
    "kubernetes:external-secrets.io/v1:ExternalSecret",
    "kubernetes:external-secrets.io/v1:SecretStore",
  ]);
  await pulumi.up({ args: ["--expect-no-changes"] });
});

test("a property that there is not is refused by the language host, from the schema", async () => {
  const program = await readFile(join(consumer.folder, "Pulumi.yaml"), "utf8");
  consumer.write("Pulumi.yaml", program.replace("secretKey: password", "secretKeys: password"));
  const { code, stdout, stderr } = await pulumi.run(["preview"]);
  assert.notEqual(code, 0);
  assert.match(`${stdout}${stderr}`, /secretKeys/);
});
