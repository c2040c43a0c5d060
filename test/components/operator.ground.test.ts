/** The operator's life in a stack: preview, up, again, new stores, a new name, destroy; on a real API server by the real engine. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type ControlPlane, startControlPlane } from "../ground/index.ts";
import { openPulumi, type Pulumi } from "../ground/pulumi/index.ts";

const PROGRAM = fileURLToPath(new URL("./programs/operator", import.meta.url));

let plane: ControlPlane;
let pulumi: Pulumi;
before(async () => {
  plane = await startControlPlane();
  pulumi = await openPulumi({ folder: PROGRAM, env: { KUBECONFIG: plane.kubeconfigPath } });
  await pulumi.stackInit();
  await pulumi.configSet("name", "eso");
  await pulumi.configSet("teams", '["team-a"]');
});
after(async () => {
  await pulumi?.close();
  await plane?.stop();
});

const get = async (...args: string[]) => (await plane.kubectl(["get", ...args])).stdout.trim();
const containerArgs = () =>
  get(
    "deployment",
    "external-secrets",
    "-n",
    "external-secrets",
    "-o",
    "jsonpath={.spec.template.spec.containers[0].args}",
  );
const namesIn = (kind: string, namespace: string) =>
  get(kind, "-n", namespace, "-o", "jsonpath={.items[*].metadata.name}");

test("it is previewed whole while neither CRDs nor namespaces are there, and made so", async () => {
  const { stdout } = await pulumi.preview();
  assert.doesNotMatch(stdout, /error|warning/);
  const planned = /(\d+) to create/.exec(stdout)?.[1];
  const up = await pulumi.up();
  assert.equal(/(\d+) created/.exec(up.stdout)?.[1], planned);
  assert.match(await containerArgs(), /--namespaces=team-a"/);
  assert.equal(await namesIn("role", "team-a"), "external-secrets-store-store-team-a");
  assert.deepEqual((await pulumi.outputs()).served, ["team-a"]);
});

test("nothing changes by a second up or a refresh", async () => {
  await pulumi.up({ args: ["--expect-no-changes"] });
  await pulumi.refresh({ args: ["--expect-no-changes"] });
});

test("a transform reaches its children", async () => {
  const labels = await get(
    "serviceaccount",
    "external-secrets",
    "-n",
    "external-secrets",
    "-o",
    "jsonpath={.metadata.labels}",
  );
  assert.equal(labels, '{"transformed":"yes"}');
});

test("the scope grows and shrinks with the stores", async () => {
  await pulumi.configSet("teams", '["team-a","team-b"]');
  await pulumi.up();
  assert.match(await containerArgs(), /--namespaces=team-a,team-b"/);
  assert.equal(await namesIn("rolebinding", "team-b"), "external-secrets-store-store-team-b");
  await pulumi.configSet("teams", '["team-b"]');
  await pulumi.up();
  assert.match(await containerArgs(), /--namespaces=team-b"/);
});

test("a new name with an alias keeps every object", async () => {
  const uid = () => get("deployment", "external-secrets", "-n", "external-secrets", "-o", "jsonpath={.metadata.uid}");
  const before = await uid();
  await pulumi.configSet("name", "renamed");
  const { stdout } = await pulumi.up();
  assert.doesNotMatch(stdout, /\d+ (created|deleted|replaced)/);
  assert.equal(await uid(), before);
  await pulumi.up({ args: ["--expect-no-changes"] });
});

test("destroy takes all but the CRDs", async () => {
  await pulumi.destroy();
  assert.equal(await get("clusterrole", "-l", "app.kubernetes.io/name=external-secrets", "-o", "name"), "");
  assert.match(await get("crd", "-o", "name"), /secretstores\.external-secrets\.io/);
});
