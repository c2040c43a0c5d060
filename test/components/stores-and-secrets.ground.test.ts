/** A store, an ExternalSecret and what uses it through all that `pulumi` does, with our controller on a real API server. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type GroundController, startGroundController } from "../controller/ground-controller.ts";
import { startControlPlane, waitUntil } from "../ground/index.ts";
import { openPulumi, type Pulumi } from "../ground/pulumi/index.ts";

const PROGRAM = fileURLToPath(new URL("./programs/secrets", import.meta.url));
const [VALUE, NEXT_VALUE, URL_VALUE] = ["canary-w4Kt9p31", "canary-m7Rz2x58", "postgres://canary-b6Hn8c02"];

let ground: GroundController;
let pulumi: Pulumi;
const printed: string[] = [];

async function opened(kubeconfig: string): Promise<Pulumi> {
  const env = { KUBECONFIG: kubeconfig };
  const made = await openPulumi({ folder: PROGRAM, env, onOutput: (line) => printed.push(line) });
  await made.stackInit();
  await made.configSet("value", VALUE, { secret: true });
  await made.configSet("url", URL_VALUE, { secret: true });
  return made;
}

before(async () => {
  ground = await startGroundController();
  pulumi = await opened(ground.plane.kubeconfigPath);
});
after(async () => {
  await pulumi?.close();
  await ground?.stop();
});

const kubectl = async (...args: string[]) =>
  (await ground.plane.kubectl(["--namespace", "default", ...args])).stdout.trim();
const field = (object: string, path: string) => kubectl("get", ...object.split("/"), "--output", `jsonpath={${path}}`);
const nothingChanges = () => pulumi.preview({ args: ["--expect-no-changes"] });
const contentVersion = (name: string) => field(`externalsecret/${name}`, ".status.contentVersion");
const annotation = () => field("configmap/workload", ".metadata.annotations.content\\.external-secrets\\.io/db");

test("is previewed where the CRDs are not there yet", async () => {
  const empty = await startControlPlane({ controllerManager: false });
  const early = await opened(empty.kubeconfigPath);
  try {
    assert.match((await early.preview()).stdout, /to create/);
  } finally {
    await early.close();
    await empty.stop();
  }
});

test("is done when the Secret is there, and gives what a workload needs of it", async () => {
  await pulumi.up();
  const { secretName, ready, contentHash, templatedName } = await pulumi.outputs();
  assert.deepEqual([secretName, ready, templatedName], ["db", true, "templated"]);
  assert.match(String(contentHash), /^[0-9a-f]{32}$/);
  assert.equal(Buffer.from(await field("secret/db", ".data.password"), "base64").toString(), VALUE);
  assert.equal(await annotation(), contentHash);
  assert.deepEqual(JSON.parse(await field("configmap/workload", ".data.pod")), [
    { name: "PASSWORD", valueFrom: { secretKeyRef: { key: "password", name: "db" } } },
    { prefix: "DB_", secretRef: { name: "db" } },
    { name: "db", secret: { secretName: "db" } },
  ]);
});

test("finds nothing to do in a second preview and in a refresh", async () => {
  await nothingChanges();
  await pulumi.refresh({ args: ["--expect-no-changes"] });
  await nothingChanges();
});

test("rolls the workload when the content has changed", async () => {
  const before = await annotation();
  const { templatedHash } = await pulumi.outputs();
  const [version, templatedVersion] = [await contentVersion("db"), await contentVersion("templated")];
  await pulumi.configSet("value", NEXT_VALUE, { secret: true });
  await pulumi.up();
  const isChanged = async () =>
    (await contentVersion("db")) !== version && (await contentVersion("templated")) !== templatedVersion;
  await waitUntil("the new content", isChanged, { timeoutMs: 60_000 });
  await pulumi.up();
  assert.notEqual(await annotation(), before);
  await nothingChanges();
  await pulumi.up({ args: ["--refresh"] });
  assert.notEqual((await pulumi.outputs()).templatedHash, templatedHash);
});

test("waits for the sync of a changed spec, though the condition of the last one is there", async () => {
  await pulumi.configSet("more", JSON.stringify(["again"]));
  await pulumi.up();
  const data = JSON.parse(await field("secret/db", ".data"));
  assert.deepEqual(Object.keys(data), ["again", "password"]);
  await nothingChanges();
});

test("keeps the object when the resource is renamed with an alias", async () => {
  const uid = await field("externalsecret/db", ".metadata.uid");
  await pulumi.configSet("name", "database");
  await pulumi.up();
  assert.equal(await field("externalsecret/db", ".metadata.uid"), uid);
  await nothingChanges();
});

test("shows a hand edit of a store in a refresh, and repairs it in the next up", async () => {
  await kubectl(
    "patch",
    "secretstore",
    "store",
    "--type",
    "merge",
    "--patch",
    '{"spec":{"provider":{"fake":{"data":[]}}}}',
  );
  assert.match((await pulumi.refresh()).stdout, /SecretStore store updated \(.*\[diff: ~spec\]/);
  await pulumi.up();
  assert.equal(await field("secretstore/store", ".spec.provider.fake.data[0].key"), "db");
});

test("fails with the message of the condition", async () => {
  await pulumi.configSet("missing", "true");
  const { code, stdout, stderr } = await pulumi.run(["up", "--yes", "--skip-preview"]);
  assert.notEqual(code, 0);
  const message = await field("externalsecret/missing", ".status.conditions[?(@.type=='Ready')].message");
  assert.match(message, /nowhere/);
  assert.ok((stdout + stderr).includes(message), stdout + stderr);
});

test("shows no secret in the state or in what is printed", async () => {
  const seen = JSON.stringify(await pulumi.exportStack()) + printed.join("\n");
  for (const canary of [VALUE, NEXT_VALUE, URL_VALUE]) {
    for (const form of [canary, Buffer.from(canary).toString("base64")]) assert.ok(!seen.includes(form), form);
  }
});
