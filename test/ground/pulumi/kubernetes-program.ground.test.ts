/** A program of plain Kubernetes resources through all that `pulumi` does, on a real API server. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type ControlPlane, startControlPlane } from "../control-plane.ts";
import { waitUntil } from "../process/wait-until.ts";
import { openPulumi, type Pulumi } from "./pulumi-cli.ts";

const CANARY = "canary-q7Zt4711";
const PROGRAM = fileURLToPath(new URL("./programs/kubernetes", import.meta.url));

describe("a program with @pulumi/kubernetes", () => {
  let cluster: ControlPlane;
  let pulumi: Pulumi;
  let namespace = "";
  const printed: string[] = [];

  before(async () => {
    cluster = await startControlPlane();
    pulumi = await openPulumi({
      folder: PROGRAM,
      env: { KUBECONFIG: cluster.kubeconfigPath },
      onOutput: (line) => printed.push(line),
    });
    await pulumi.stackInit();
    await pulumi.configSet("password", CANARY, { secret: true });
  });
  after(async () => {
    await pulumi?.close();
    await cluster?.stop();
  });

  const kubectl = async (...args: string[]) =>
    (await cluster.kubectl(["--namespace", namespace, ...args])).stdout.trim();
  const uidOf = (...object: string[]) => kubectl("get", ...object, "--output", "jsonpath={.metadata.uid}");
  const nothingChanges = () => pulumi.up({ args: ["--expect-no-changes"] });

  test("previews objects whose namespace and kind do not exist yet", async () => {
    const { stdout } = await pulumi.preview();
    assert.match(stdout, /6 to create/);
  });

  test("creates all objects, with the namespace named after the resource", async () => {
    await pulumi.up();
    namespace = String((await pulumi.outputs()).namespaceName);
    assert.match(namespace, /^paint-[0-9a-f]{8}$/);
    assert.equal(await kubectl("get", "brush", "flat", "--output", "jsonpath={.spec.widthMm}"), "20");
    const password = await kubectl("get", "secret", "password", "--output", "jsonpath={.data.password}");
    assert.equal(Buffer.from(password, "base64").toString(), CANARY);
  });

  test("finds nothing to do in a second up and in a refresh", async () => {
    await nothingChanges();
    await pulumi.refresh({ args: ["--expect-no-changes"] });
  });

  test("does not take what others add to the objects for drift", async () => {
    await kubectl("label", "secret", "password", "somebody=else");
    await kubectl("patch", "brush", "flat", "--type", "merge", "--patch", '{"spec":{"bristles":"nylon"}}');
    await pulumi.refresh({ args: ["--expect-no-changes"] });
  });

  test("finds drift of each object by refresh, and repairs it by up", async () => {
    await kubectl("label", "namespace", namespace, "color=red", "--overwrite");
    await kubectl("patch", "brush", "flat", "--type", "merge", "--patch", '{"spec":{"widthMm":5}}');
    await kubectl("patch", "secret", "password", "--patch", '{"stringData":{"password":"tampered"}}');
    await kubectl("delete", "configmap", "settings");
    const { stdout } = await pulumi.refresh();
    assert.match(stdout, /~ 3 updated/);
    assert.match(stdout, /- 1 deleted/);
    await pulumi.up();
    assert.equal(await kubectl("get", "namespace", namespace, "--output", "jsonpath={.metadata.labels.color}"), "blue");
    assert.equal(await kubectl("get", "brush", "flat", "--output", "jsonpath={.spec.widthMm}"), "20");
    const password = await kubectl("get", "secret", "password", "--output", "jsonpath={.data.password}");
    assert.equal(Buffer.from(password, "base64").toString(), CANARY);
    assert.equal(await kubectl("get", "configmap", "settings", "--output", "jsonpath={.data.color}"), "blue");
    await nothingChanges();
  });

  test("changes fields in place, and replaces an object whose fields can't be changed", async () => {
    const before = await Promise.all([
      uidOf("namespace", namespace),
      uidOf("brush", "flat"),
      uidOf("configmap", "settings"),
    ]);
    await pulumi.configSet("color", "green");
    await pulumi.configSet("widthMm", "30");
    await pulumi.up();
    const now = await Promise.all([
      uidOf("namespace", namespace),
      uidOf("brush", "flat"),
      uidOf("configmap", "settings"),
    ]);
    assert.deepEqual(now.slice(0, 2), before.slice(0, 2));
    assert.notEqual(now[2], before[2]);
    assert.equal(await kubectl("get", "brush", "flat", "--output", "jsonpath={.spec.widthMm}"), "30");
    assert.equal(await kubectl("get", "configmap", "settings", "--output", "jsonpath={.data.color}"), "green");
  });

  test("fails with the condition's message when the awaited condition does not come", async () => {
    await setStatus("False", "NoHandle", "the brush has no handle");
    await pulumi.configSet("timeoutSeconds", "2");
    await pulumi.configSet("waitFor", "condition=Ready");
    const { code, stdout, stderr } = await pulumi.run(["up", "--yes", "--skip-preview"]);
    assert.notEqual(code, 0);
    assert.match(stdout + stderr, /the brush has no handle/);
  });

  test("stops when it is interrupted while it waits, and goes on in the next up", async () => {
    await pulumi.configSet("timeoutSeconds", "60");
    const interrupt = new AbortController();
    const up = pulumi.up({ signal: interrupt.signal });
    await untilBrushWaits();
    interrupt.abort(new Error("interrupted by the test"));
    await assert.rejects(up, /interrupted by the test/);
    await pulumi.configSet("waitFor", "");
    await pulumi.up();
  });

  test("waits until the awaited conditions come", async () => {
    await pulumi.configSet("waitFor", '["condition=Ready", "jsonpath={.status.conditions[0].reason}=Handled"]');
    const up = pulumi.up();
    await untilBrushWaits();
    await setStatus("True", "Handled", "the brush has a handle");
    await up;
    await nothingChanges();
  });

  async function untilBrushWaits(): Promise<void> {
    const earlier = printed.length;
    const isWaiting = () => printed.slice(earlier).some((line) => line.includes("brush updating"));
    await waitUntil("the update of the brush", isWaiting, { timeoutMs: 60_000 });
  }

  async function setStatus(status: string, reason: string, message: string): Promise<void> {
    const conditions = [{ type: "Ready", status, reason, message }];
    const patch = JSON.stringify({ status: { conditions } });
    await kubectl("patch", "brush", "flat", "--subresource", "status", "--type", "merge", "--patch", patch);
  }

  test("keeps the secret out of the state and out of the output", async () => {
    const state = JSON.stringify(await pulumi.exportStack());
    const seen = state + printed.join("\n");
    for (const form of [CANARY, Buffer.from(CANARY).toString("base64"), Buffer.from("tampered").toString("base64")]) {
      assert.ok(!seen.includes(form), `${form} was seen`);
    }
  });

  test("says that a stand-in is at work, where it is one", () => {
    const isSaid = printed.some((line) => line.includes("test-stand-in"));
    assert.equal(isSaid, pulumi.kubernetesProvider === "stand-in");
  });

  test("leaves nothing after destroy", async () => {
    await pulumi.destroy();
    const left = await cluster.kubectl(["get", "namespaces,customresourcedefinitions", "--output", "name"]);
    assert.doesNotMatch(left.stdout, /paint|brushes/);
    assert.deepEqual((await pulumi.exportStack()).deployment.resources ?? [], []);
  });
});
