/** The stand-in of the Kubernetes provider, as far as it needs no server. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkInputs } from "./kubernetes-provider/check.ts";
import { fromCheckpoint, toCheckpoint } from "./kubernetes-provider/checkpoint.ts";
import type { Cluster } from "./kubernetes-provider/cluster.ts";
import { diffInputs } from "./kubernetes-provider/diff.ts";
import { parseJsonPath } from "./kubernetes-provider/json-path.ts";
import { lackOfReadiness } from "./kubernetes-provider/kind-readiness.ts";
import { type Properties, secret } from "./kubernetes-provider/property-values.ts";
import type { ProviderContext } from "./kubernetes-provider/provider-options.ts";
import { readObject } from "./kubernetes-provider/read-object.ts";
import { unfulfilledExpressions } from "./kubernetes-provider/wait-for.ts";

const namespaced = { root: "/api/v1", plural: "things", namespaced: true };
const nowhere = () => Promise.reject(new Error("no cluster is needed here"));
const cluster: Cluster = {
  defaultNamespace: "default",
  findKind: async (_apiVersion, kind) => ({ ...namespaced, namespaced: kind !== "Namespace" }),
  get: nowhere,
  apply: nowhere,
  delete: nowhere,
  close: () => {},
};
const context: ProviderContext = {
  cluster,
  options: { patchForce: false, upsertExistingObjects: false, configMapMutable: false, secretMutable: true },
  log: { log: () => {}, status: () => {}, close: () => {} },
  signal: new AbortController().signal,
};
const status = (conditions: Properties[]): Properties => ({ status: { phase: "Running", conditions } });
const notReady = status([{ type: "Ready", status: "False", reason: "SyncError", message: "access denied" }]);

test("a JSONPath finds fields, list items and filtered items", () => {
  const find = (path: string) => parseJsonPath(path).find(notReady);
  assert.deepEqual(find("{.status.phase}"), ["Running"]);
  assert.deepEqual(find(".status.conditions[0].reason"), ["SyncError"]);
  assert.deepEqual(find('{.status.conditions[?(@.type=="Ready")].status}'), ["False"]);
  assert.deepEqual(find("{.status.conditions[?(@.type!='Ready')].status}"), []);
  assert.deepEqual(find("{.status['phase']}"), ["Running"]);
  assert.deepEqual(parseJsonPath(".metadata.labels.app\\.name").find({ metadata: { labels: { "app.name": "x" } } }), [
    "x",
  ]);
  assert.throws(() => find("{.status[?(@.a > 3)]}"), /not understood/);
});

test("an awaited condition that is false is reported with its reason and message", () => {
  assert.deepEqual(unfulfilledExpressions(notReady, "condition=Ready"), [
    "Waiting for condition Ready=True; Ready=False, reason SyncError: access denied",
  ]);
  assert.deepEqual(
    unfulfilledExpressions(notReady, '["condition=Ready=False", "jsonpath={.status.phase}=Running"]'),
    [],
  );
  assert.throws(() => unfulfilledExpressions(notReady, "Ready"), /"jsonpath=" or "condition=" prefix/);
});

test("a Deployment is ready when its controller has seen it and all replicas are available", () => {
  const deployment = (counters: Properties, conditions: Properties[] = []): Properties => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { generation: 2 },
    spec: { replicas: 1 },
    status: { observedGeneration: 2, ...counters, conditions },
  });
  const counters = { replicas: 1, updatedReplicas: 1, availableReplicas: 1 };
  assert.deepEqual(lackOfReadiness(deployment(counters, [{ type: "Available", status: "True" }])), []);
  assert.match(lackOfReadiness(deployment({ ...counters, observedGeneration: 1 }))[0] ?? "", /to see the change/);
  const failure = { type: "ReplicaFailure", status: "True", reason: "FailedCreate", message: "quota exceeded" };
  assert.match(lackOfReadiness(deployment({ replicas: 0 }, [failure])).join(" "), /of 1.*quota exceeded/);
});

test("an object without a name gets the resource's, which it keeps later on", async () => {
  const urn = "urn:pulumi:dev::p::kubernetes:core/v1:ConfigMap::settings";
  const news = { apiVersion: "v1", kind: "ConfigMap", data: { token: secret("s3cret") } };
  const request = { urn, news, olds: {}, randomSeed: new Uint8Array([1]), proposedName: "" };
  const { metadata, data } = await checkInputs(context, request);
  assert.match(JSON.stringify(metadata), /"name":"settings-[0-9a-f]{8}".*"namespace":"default"/);
  assert.deepEqual(data, news.data);
  const later = await checkInputs(context, {
    ...request,
    olds: { metadata: metadata ?? null },
    randomSeed: new Uint8Array(),
  });
  assert.deepEqual(later.metadata, metadata);
});

test("a changed immutable field replaces the object, others are changed in place", async () => {
  const before = {
    apiVersion: "v1",
    kind: "Secret",
    type: "Opaque",
    metadata: { name: "a" },
    stringData: { "a.b": "1" },
  };
  const data = { "a.b": Buffer.from("1").toString("base64") };
  const { stringData: _unused, ...base } = before;
  assert.deepEqual((await diffInputs(context, before, { ...base, data }, [])).changes, []);
  const changed = await diffInputs(context, before, { ...before, stringData: { "a.b": "2" } }, []);
  assert.deepEqual(changed.changes, [{ path: 'stringData["a.b"]', kind: "update", replace: false }]);
  const retyped = await diffInputs(context, before, { ...before, type: "kubernetes.io/tls" }, []);
  assert.deepEqual(retyped.changes, [{ path: "type", kind: "update", replace: true }]);
  assert.equal(retyped.deleteBeforeReplace, true);
  assert.deepEqual((await diffInputs(context, before, { ...before, type: "x" }, ["type"])).changes, []);
});

test("a checkpoint holds a Secret's data as secrets only, also where kubectl left a copy", () => {
  const live = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: "a",
      annotations: { "kubectl.kubernetes.io/last-applied-configuration": "czNjcmV0" },
      managedFields: [],
    },
    data: { password: "czNjcmV0" },
  };
  const inputs = { apiVersion: "v1", kind: "Secret", stringData: { password: "s3cret" } };
  const { data, __inputs, ...rest } = toCheckpoint(live, inputs, "me");
  assert.deepEqual(data, secret({ password: "czNjcmV0" }));
  assert.deepEqual(__inputs, { ...inputs, stringData: secret(inputs.stringData) });
  assert.ok(!JSON.stringify(rest).includes("czNjcmV0"));
  assert.deepEqual(fromCheckpoint({ data: data ?? null, __inputs: __inputs ?? null, ...rest }).inputs, inputs);
});

test("a value that the server keeps in another form is no drift, a foreign value is", async () => {
  const inputs = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "a", labels: {} },
    spec: { cpu: "0.1", host: "x" },
  };
  const reference = { apiVersion: "v1", kind: "Pod", namespace: "default", name: "a" };
  const seen = async (live: Properties, restored: Properties) => {
    const fake: Cluster = { ...cluster, get: async () => live, apply: async () => restored };
    return (await readObject(fake, reference, inputs, "me"))?.inputs;
  };
  const live = { ...inputs, metadata: { name: "a", uid: "1" }, spec: { cpu: "100m", host: "x", extra: true } };
  assert.deepEqual(await seen(live, live), inputs);
  const drifted = { ...live, spec: { ...live.spec, host: "y" } };
  assert.deepEqual(await seen(drifted, live), { ...inputs, spec: { cpu: "0.1", host: "y" } });
});
