import assert from "node:assert/strict";
import { test } from "node:test";
import {
  EXTERNAL_SECRETS,
  externalSecret,
  fakeStore,
  SECRETS,
  STORES,
  startTestController,
} from "./controller-fixture.ts";

test("a Secret that is there already and nobody controls is taken over", async (context) => {
  const it = await startTestController(context);
  it.put(SECRETS, {
    metadata: { namespace: "a", name: "db", labels: { mine: "1" } },
    data: { old: "eA==" },
    type: "Opaque",
  });
  it.put(STORES, fakeStore("a/store", { "app/db": "s3cret" }));
  it.put(EXTERNAL_SECRETS, externalSecret("a/db"));
  await it.ready("a/db", "True");
  assert.deepEqual(it.dataOf("a/db"), { password: "s3cret" });
  assert.equal(it.secret("a/db")?.metadata.labels?.mine, "1");
  await it.soon("the event", () => it.events().some(({ reason }) => reason === "Updated"));
});

test("a Secret that another controller owns, or of another type, is not touched", async (context) => {
  const it = await startTestController(context);
  const owner = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "r", uid: "1", controller: true };
  it.put(SECRETS, { metadata: { namespace: "a", name: "owned", ownerReferences: [owner] }, type: "Opaque" });
  it.put(SECRETS, { metadata: { namespace: "a", name: "tls" }, type: "kubernetes.io/tls" });
  it.put(STORES, fakeStore("a/store", { "app/db": "s3cret" }));
  it.put(EXTERNAL_SECRETS, externalSecret("a/owned"));
  it.put(EXTERNAL_SECRETS, externalSecret("a/tls"));
  await it.ready(
    "a/owned",
    "False",
    /^failed to take ownership of target secret: .* controlled by ReplicaSet "r"; choose/,
  );
  await it.ready(
    "a/tls",
    "False",
    /^could not update secret: .* has type "kubernetes\.io\/tls", which cannot become "Opaque"; delete/,
  );
  it.server.store.remove(SECRETS, "a/tls");
  it.server.store.remove(SECRETS, "a/owned");
  await it.ready("a/tls", "True");
  await it.ready("a/owned", "True");
});

test("a backend that gives nothing keeps the Secret as it is", async (context) => {
  const it = await startTestController(context);
  it.put(STORES, fakeStore("a/store", { "app/map": '{"password":"s3cret"}' }));
  it.put(EXTERNAL_SECRETS, externalSecret("a/db", { data: [], dataFrom: [{ extract: { key: "app/map" } }] }));
  await it.ready("a/db", "True", /^secret synced$/);
  const before = it.secret("a/db");
  it.edit(STORES, "a/store", ({ status }) => ({ ...fakeStore("a/store", { "app/map": "{}" }), status }));
  await it.ready("a/db", "True", /^secret retained due to DeletionPolicy=Retain$/);
  assert.deepEqual(it.secret("a/db"), before);
});

test("an edit that changes nothing of a Secret which holds nothing else is no write of it", async (context) => {
  const it = await startTestController(context);
  it.put(STORES, fakeStore("a/store", { "app/db": "s3cret" }));
  it.put(EXTERNAL_SECRETS, externalSecret("a/db"));
  await it.ready("a/db", "True");
  const secretWrites = () => it.writes().filter((line) => line.startsWith("patch secrets "));
  const before = secretWrites();
  const synced = () => it.externalSecret("a/db")?.status?.syncedResourceVersion;
  const first = synced();
  it.edit(EXTERNAL_SECRETS, "a/db", ({ metadata, ...rest }) => ({
    ...rest,
    metadata: { ...metadata, annotations: { "pulumi.com/waitFor": "condition=Ready" } },
  }));
  await it.soon("the next sync", () => synced() !== first);
  assert.deepEqual(secretWrites(), before);
});
