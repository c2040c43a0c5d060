/** What `check` says before anything is asked, and what it fills in. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SecretMap } from "../../providers/secret-map.ts";
import { changedPaths } from "../../sync/resource/changed-paths.ts";
import { checkInputs, placeOf } from "../../sync/resource/check.ts";
import { fingerprintsOf, keyChanges } from "../../sync/resource/fingerprints.ts";
import { nameOfId, type PartialInputs } from "../../sync/resource/inputs.ts";
import { readConfiguration } from "../../sync/session/configuration.ts";
import { dataOf, fakeStore, openSession } from "./session-fixture.ts";

const failuresOf = async (inputs: PartialInputs, hasUnknowns = false) => {
  const session = openSession();
  const failures = await checkInputs(session, { inputs, old: undefined, name: "app", hasUnknowns });
  return failures.map(({ property, reason }) => `${property}: ${reason}`);
};

test("what is right passes, and what is not known yet is not judged", async () => {
  const spec = { data: dataOf(["a"]) };
  assert.deepEqual(await failuresOf({ store: fakeStore({ a: "1" }), spec }), []);
  assert.deepEqual(await failuresOf({ spec: { secretStoreRef: { name: "vault" }, ...spec } }), []);
  assert.deepEqual(await failuresOf({}, true), []);
});

test("a missing spec, store or entry is told by its path", async () => {
  assert.deepEqual(await failuresOf({}), ["spec: is missing; name what to read in spec.data or spec.dataFrom"]);
  assert.match(String(await failuresOf({ spec: { data: dataOf(["a"]) } })), /store: no store is named; set store/);
  assert.match(String(await failuresOf({ store: fakeStore({}), spec: {} })), /spec: .*data/i);
  const wrong = { store: { provider: {} }, spec: { data: dataOf(["a"]) } };
  assert.match(String(await failuresOf(wrong)), /^store/);
});

test("targets of another kind are refused", async () => {
  const target = { manifest: { apiVersion: "v1", kind: "ConfigMap" } };
  const failures = await failuresOf({ store: fakeStore({ a: "1" }), spec: { data: dataOf(["a"]), target } });
  assert.match(String(failures), /spec\.target\.manifest: a SyncedSecret writes Secrets only/);
});

test("a namespace that was chosen once stays when the provider's default changes", async () => {
  const session = openSession({ configuration: { namespace: "now" } });
  const request = { inputs: {}, name: "app", hasUnknowns: false };
  assert.deepEqual(await placeOf(session, { ...request, old: undefined }), { name: "app", namespace: "now" });
  const old = { metadata: { name: "app", namespace: "then" } };
  assert.deepEqual(await placeOf(session, { ...request, old }), { name: "app", namespace: "then" });
});

test("hashes of values depend on the resource's key and on the name, and show which keys changed", () => {
  const data = (values: Record<string, string>) =>
    new SecretMap(Object.entries(values).map(([key, value]) => [key, Buffer.from(value)]));
  const before = fingerprintsOf("key", data({ a: "same", b: "same", gone: "x" }));
  assert.notEqual(before.a, before.b);
  assert.notEqual(before.a, fingerprintsOf("other key", data({ a: "same" })).a);
  const after = fingerprintsOf("key", data({ a: "same", b: "new", more: "x" }));
  assert.deepEqual(keyChanges(before, after), { added: ["more"], changed: ["b"], removed: ["gone"] });
});

test("differences of inputs are told by their deepest paths", () => {
  const before = { spec: { data: [{ secretKey: "a" }], same: [1] }, "odd.name": 1 };
  const after = { spec: { data: [{ secretKey: "b" }, { secretKey: "c" }], same: [1] }, "odd.name": 2 };
  assert.deepEqual(changedPaths(before, after), ['["odd.name"]', "spec.data[0].secretKey", "spec.data[1]"]);
});

test("an id is namespace and name", () => {
  assert.deepEqual(nameOfId("team/app"), { namespace: "team", name: "app" });
  assert.throws(() => nameOfId("app"), /must be namespace\/name/);
});

test("a configuration is read from texts and JSON texts, and what is wrong is named without its value", () => {
  const { configuration, problems } = readConfiguration({
    context: "dev",
    store: JSON.stringify(fakeStore({ a: "1" })),
    credentials: "not-json-secret",
    requestTimeout: "90s",
  });
  assert.deepEqual(configuration, { context: "dev", store: fakeStore({ a: "1" }), requestTimeoutMs: 90_000 });
  assert.deepEqual(problems, [{ field: "credentials", reason: "must be an object, or its JSON text" }]);
});
