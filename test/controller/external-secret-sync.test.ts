import assert from "node:assert/strict";
import { test } from "node:test";
import { CREATED_BY_LABEL, createdByOf, DATA_HASH_ANNOTATION, MANAGED_LABEL } from "../../api/labels.ts";
import { dataHash } from "../../engine/hashes.ts";
import {
  EXTERNAL_SECRETS,
  externalSecret,
  fakeStore,
  SECRETS,
  STORES,
  startTestController,
} from "./controller-fixture.ts";
import { ScriptedBackend } from "./scripted-backend.ts";

test("an ExternalSecret becomes a Secret that it owns, and its status says so", async (context) => {
  const it = await startTestController(context);
  it.put(STORES, fakeStore("a/store", { "app/db": "s3cret" }));
  it.put(EXTERNAL_SECRETS, externalSecret("a/db", {}, { labels: { team: "x" }, annotations: { note: "y" } }));
  assert.equal(await it.ready("a/db", "True"), "secret synced");

  const secret = it.secret("a/db");
  assert.deepEqual(it.dataOf("a/db"), { password: "s3cret" });
  assert.deepEqual(secret?.metadata.labels, {
    team: "x",
    [MANAGED_LABEL]: "true",
    [CREATED_BY_LABEL]: createdByOf("a", "db"),
  });
  const hash = dataHash(new Map([["password", Buffer.from("s3cret")]]));
  assert.deepEqual(secret?.metadata.annotations, { note: "y", [DATA_HASH_ANNOTATION]: hash });
  assert.deepEqual(secret?.metadata.ownerReferences, [
    {
      apiVersion: "external-secrets.io/v1",
      kind: "ExternalSecret",
      name: "db",
      uid: it.externalSecret("a/db")?.metadata.uid,
      controller: true,
      blockOwnerDeletion: true,
    },
  ]);
  const { conditions, refreshTime, syncedResourceVersion, binding } = it.externalSecret("a/db")?.status ?? {};
  assert.equal(conditions?.[0]?.reason, "SecretSynced");
  assert.match(refreshTime ?? "", /^2025-01-01T00:00:\d\dZ$/);
  assert.match(syncedResourceVersion ?? "", /^1-[0-9a-f]{56}$/);
  assert.deepEqual(binding, { name: "db" });
  assert.deepEqual(it.store("a/store")?.status?.conditions?.[0]?.message, "store validated");
  assert.equal(it.store("a/store")?.status?.capabilities, "ReadWrite");
  await it.soon("events", () => it.events().length === 2);
  assert.deepEqual(
    it
      .events()
      .map(({ about, reason }) => `${about} ${reason}`)
      .sort(),
    ["ExternalSecret/db Created", "SecretStore/store Valid"],
  );
});

test("a value that changes in the backend arrives within the refresh interval", async (context) => {
  const backend = new ScriptedBackend();
  backend.values.set("app/db", "one");
  const it = await startTestController(context, { surroundings: { bindBackend: backend.bindBackend } });
  it.put(STORES, fakeStore("a/store", {}));
  it.put(EXTERNAL_SECRETS, externalSecret("a/db", { refreshInterval: "10m" }));
  await it.ready("a/db", "True");
  backend.values.set("app/db", "two");
  await it.pass(601_000);
  assert.equal(it.dataOf("a/db")?.password, "two");
  await it.soon("the event", () => it.events().some(({ reason }) => reason === "Updated"));
  assert.match(it.externalSecret("a/db")?.status?.refreshTime ?? "", /^2025-01-01T00:(0\d|10):/);
});

test("an edited store is read anew at once", async (context) => {
  const it = await startTestController(context);
  it.put(STORES, fakeStore("a/store", { "app/db": "one" }));
  it.put(EXTERNAL_SECRETS, externalSecret("a/db"));
  await it.ready("a/db", "True");
  it.edit(STORES, "a/store", (store) => ({ ...fakeStore("a/store", { "app/db": "two" }), status: store.status }));
  await it.soon("the new value", () => it.dataOf("a/db")?.password === "two");
});

test("refreshes that find nothing changed write nothing", async (context) => {
  const it = await startTestController(context);
  it.put(STORES, fakeStore("a/store", { "app/db": "one" }));
  it.put(EXTERNAL_SECRETS, externalSecret("a/db", { refreshInterval: "1m" }));
  await it.ready("a/db", "True");
  await it.pass(2_000);
  const writes = it.writes().length;
  const refreshTime = it.externalSecret("a/db")?.status?.refreshTime;
  await it.pass(600_000);
  assert.match(await it.metrics(), /externalsecret_sync_calls_total\{name="db",namespace="a"\} ([5-9]|1\d)\n/);
  assert.deepEqual(it.writes().slice(writes), []);
  assert.equal(it.externalSecret("a/db")?.status?.refreshTime, refreshTime);
});

test("a controller that starts anew writes nothing where nothing changed", async (context) => {
  const first = await startTestController(context);
  first.put(STORES, fakeStore("a/store", { "app/db": "one" }));
  first.put(EXTERNAL_SECRETS, externalSecret("a/db"));
  await first.ready("a/db", "True");
  await first.pass(1_000);
  const { server, clock } = first;
  const writes = first.writes().length;
  const second = await startTestController(context, { server, clock });
  await second.soon("the caches", () => second.lines.some(({ message }) => message === "caches are full"));
  await second.pass(5_000);
  assert.deepEqual(second.writes().slice(writes), []);
  assert.match(
    await second.metrics(),
    /externalsecret_status_condition\{name="db",namespace="a",condition="Ready",status="True"\} 1/,
  );
});

test("a hand edit of the Secret is repaired at once, foreign keys included", async (context) => {
  const it = await startTestController(context);
  it.put(STORES, fakeStore("a/store", { "app/db": "s3cret" }));
  it.put(EXTERNAL_SECRETS, externalSecret("a/db"));
  await it.ready("a/db", "True");
  it.edit(SECRETS, "a/db", (secret) => ({ ...secret, data: { password: "AAAA", other: "AAAA" } }));
  await it.soon("the repair", () => JSON.stringify(it.dataOf("a/db")) === JSON.stringify({ password: "s3cret" }));
});

test("a deleted Secret is made again at once", async (context) => {
  const it = await startTestController(context);
  it.put(STORES, fakeStore("a/store", { "app/db": "s3cret" }));
  it.put(EXTERNAL_SECRETS, externalSecret("a/db"));
  await it.ready("a/db", "True");
  const uid = it.secret("a/db")?.metadata.uid;
  it.server.store.remove(SECRETS, "a/db");
  const made = await it.soon("the Secret", () => it.secret("a/db"));
  assert.notEqual(made.metadata.uid, uid);
});

test("a label that the ExternalSecret loses goes from the Secret, and another's label stays", async (context) => {
  const it = await startTestController(context);
  it.put(STORES, fakeStore("a/store", { "app/db": "s3cret" }));
  it.put(EXTERNAL_SECRETS, externalSecret("a/db", {}, { labels: { mine: "1" } }));
  await it.ready("a/db", "True");
  it.edit(SECRETS, "a/db", (secret) => ({
    ...secret,
    metadata: { ...secret.metadata, labels: { ...secret.metadata.labels, foreign: "1" } },
  }));
  it.edit(EXTERNAL_SECRETS, "a/db", (object) => ({ ...object, metadata: { ...object.metadata, labels: {} } }));
  await it.soon("the label to go", () => it.secret("a/db")?.metadata.labels?.mine === undefined);
  assert.equal(it.secret("a/db")?.metadata.labels?.foreign, "1");
});

test("a changed target name moves the Secret, and a mere copy of it stays", async (context) => {
  const it = await startTestController(context);
  it.put(STORES, fakeStore("a/store", { "app/db": "s3cret" }));
  it.put(EXTERNAL_SECRETS, externalSecret("a/db"));
  await it.ready("a/db", "True");
  const { ownerReferences: _none, ...metadata } = it.secret("a/db")?.metadata ?? { name: "" };
  it.put(SECRETS, { ...it.secret("a/db"), metadata: { ...metadata, name: "copy" } });
  it.edit(EXTERNAL_SECRETS, "a/db", (object) => ({
    ...object,
    spec: { ...(object.spec as object), target: { name: "moved" } },
  }));
  await it.soon("the move", () => it.secret("a/moved") !== undefined && it.secret("a/db") === undefined);
  assert.ok(it.secret("a/copy"));
  await it.soon("the binding", () => it.externalSecret("a/db")?.status?.binding?.name === "moved");
});

test("an ExternalSecret from ESO can be deleted: its finalizer is let go", async (context) => {
  const it = await startTestController(context);
  const finalizers = ["externalsecrets.external-secrets.io/externalsecret-cleanup"];
  it.put(STORES, fakeStore("a/store", { "app/db": "s3cret" }));
  it.put(EXTERNAL_SECRETS, externalSecret("a/db", {}, { finalizers }));
  await it.ready("a/db", "True");
  it.server.store.remove(EXTERNAL_SECRETS, "a/db");
  await it.soon("the deletion", () => it.externalSecret("a/db") === undefined);
  assert.ok(it.secret("a/db"), "the garbage collector deletes the Secret, not we");
});

test("a store of another controller class, and what uses it, is left alone", async (context) => {
  const it = await startTestController(context);
  it.put(STORES, fakeStore("a/store", { "app/db": "s3cret" }, { controller: "other" }));
  it.put(EXTERNAL_SECRETS, externalSecret("a/db"));
  await it.pass(20_000);
  assert.deepEqual(it.writes(), []);
  assert.equal(it.externalSecret("a/db")?.status, undefined);
});

test("OnChange and CreatedOnce do not follow the backend", async (context) => {
  const it = await startTestController(context);
  it.put(STORES, fakeStore("a/store", { "app/db": "one" }));
  for (const refreshPolicy of ["OnChange", "CreatedOnce"] as const) {
    it.put(
      EXTERNAL_SECRETS,
      externalSecret(`a/${refreshPolicy.toLowerCase()}`, { refreshPolicy, refreshInterval: "1m" }),
    );
  }
  await it.ready("a/onchange", "True");
  await it.ready("a/createdonce", "True");
  it.edit(STORES, "a/store", ({ status }) => ({ ...fakeStore("a/store", { "app/db": "two" }), status }));
  await it.pass(600_000);
  assert.equal(it.dataOf("a/onchange")?.password, "one");
  for (const key of ["a/onchange", "a/createdonce"]) {
    it.edit(EXTERNAL_SECRETS, key, (object) => ({ ...object, metadata: { ...object.metadata, labels: { a: "1" } } }));
  }
  await it.soon("the change", () => it.dataOf("a/onchange")?.password === "two");
  await it.pass(1_000);
  assert.equal(it.dataOf("a/createdonce")?.password, "one");
});

test("some namespaces may be watched, each by itself and nothing beside them", async (context) => {
  const it = await startTestController(context, { options: { namespaces: ["a", "b"], clusterStores: false } });
  for (const namespace of ["a", "b", "c"]) {
    it.put(STORES, fakeStore(`${namespace}/store`, { "app/db": "v" }));
    it.put(EXTERNAL_SECRETS, externalSecret(`${namespace}/db`));
  }
  await it.ready("a/db", "True");
  await it.ready("b/db", "True");
  await it.pass(2_000);
  assert.equal(it.externalSecret("c/db")?.status, undefined);
  assert.ok(
    it.server.requests.every(({ namespace }) => namespace === "a" || namespace === "b"),
    "nothing cluster-wide is asked for",
  );
});
