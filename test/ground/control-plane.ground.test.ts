import assert from "node:assert/strict";
import { access } from "node:fs/promises";
import { after, before, test } from "node:test";
import { type ControlPlane, startControlPlane, waitUntilGone } from "./control-plane.ts";
import { waitUntil } from "./process/wait-until.ts";
import { KUBERNETES_VERSION } from "./versions.ts";

let one: ControlPlane;
let two: ControlPlane;

before(async () => {
  [one, two] = await Promise.all([startControlPlane(), startControlPlane({ controllerManager: false })]);
});

after(async () => {
  await Promise.all([one?.stop(), two?.stop()]);
});

test("two control planes at once are two clusters", async () => {
  await one.kubectl(["create", "namespace", "only-in-one"]);
  const { stdout } = await two.kubectl(["get", "namespaces", "-o", "name"]);
  assert.ok(!stdout.includes("only-in-one"));
  assert.notEqual(one.server, two.server);
});

test("the server is of the pinned version", async () => {
  const { status, body } = await one.request({ path: "/version" });
  assert.equal(status, 200);
  assert.ok(typeof body === "object" && body !== null && "gitVersion" in body);
  assert.equal(body.gitVersion, `v${KUBERNETES_VERSION}`);
});

test("what is owned is collected when its owner is deleted", async () => {
  const { body } = await one.request({
    method: "POST",
    path: "/api/v1/namespaces/default/configmaps",
    body: { metadata: { name: "owner" } },
  });
  const owner = { apiVersion: "v1", kind: "ConfigMap", name: "owner", uid: uidOf(body), controller: true };
  const owned = { metadata: { name: "owned", ownerReferences: [owner] } };
  const created = await one.request({ method: "POST", path: "/api/v1/namespaces/default/configmaps", body: owned });
  assert.equal(created.status, 201);
  await one.request({ method: "DELETE", path: "/api/v1/namespaces/default/configmaps/owner" });
  await waitUntilGone(one, "/api/v1/namespaces/default/configmaps/owned");
});

test("a service account's token lets its holder in as that account", async () => {
  const { body } = await one.request({
    method: "POST",
    path: "/api/v1/namespaces/default/serviceaccounts/default/token",
    body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} },
  });
  const token = Object(Object(body).status).token;
  const review = await one.request({
    method: "POST",
    path: "/apis/authentication.k8s.io/v1/tokenreviews",
    body: { spec: { token } },
  });
  assert.equal(Object(Object(Object(review.body).status).user).username, "system:serviceaccount:default:default");
});

test("kubectl takes manifests from its input and gives its own message when it fails", async () => {
  const input = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: from-input}\n";
  assert.match((await one.kubectl(["apply", "-f", "-"], { input })).stdout, /from-input created/);
  await assert.rejects(one.kubectl(["get", "configmap", "absent"]), /"absent" not found/);
});

test("objects outlive a killed API server and a killed etcd", async () => {
  await two.kubectl(["create", "configmap", "lasting"]);
  await two.killApiServer();
  await assert.rejects(two.request({ path: "/readyz" }), { code: "ECONNREFUSED" });
  await two.restartApiServer();
  await two.restartEtcd();
  const isThere = async () =>
    (await two.request({ path: "/api/v1/namespaces/default/configmaps/lasting" })).status === 200;
  await waitUntil("the object read again", isThere, { timeoutMs: 30_000 });
});

test("a paused API server answers nothing until it is resumed", async () => {
  two.pauseApiServer();
  await assert.rejects(two.request({ path: "/livez", timeoutMs: 300 }), { name: "TimeoutError" });
  two.resumeApiServer();
  assert.equal((await two.request({ path: "/livez" })).status, 200);
});

test("an API server that does not start tells its own reason, and nothing is left", async () => {
  const starting = startControlPlane({ apiServerFlags: ["--feature-gates=NoSuchGate=true"] });
  await assert.rejects(starting, (error) => {
    assert.ok(error instanceof Error);
    assert.match(error.message, /^kube-apiserver ended before it was ready; its log .*\n[\s\S]*NoSuchGate/);
    return true;
  });
});

test("a start that is given up ends at once", async () => {
  const abort = new AbortController();
  const onProgress = (line: string) => {
    if (line.startsWith("API server ready")) abort.abort(new Error("not needed any more"));
  };
  await assert.rejects(startControlPlane({ signal: abort.signal, onProgress }), /not needed any more/);
});

test("a stopped control plane is gone, with its folder", async () => {
  const { folder } = two;
  await two.stop();
  await assert.rejects(access(folder), { code: "ENOENT" });
  await assert.rejects(two.request({ path: "/readyz" }), { code: "ECONNREFUSED" });
});

function uidOf(body: unknown): string {
  return String(Object(Object(body).metadata).uid);
}
