import assert from "node:assert/strict";
import { test } from "node:test";
import { CONFIG_MAP as CONFIG_MAP_TYPE } from "../../controller/core-resources.ts";
import { createKubeClient } from "../../controller/kube/client.ts";
import { EXTERNAL_SECRETS, externalSecret, SECRETS } from "./controller-fixture.ts";
import {
  CONFIG_MAP,
  CONFIG_MAPS,
  configMap,
  start,
  WIDGET,
  WIDGET_TEMPLATE,
  WIDGETS,
  type Wish,
  wish,
} from "./generic-target-parts.ts";
import { ScriptedBackend } from "./scripted-backend.ts";

test("Merge keeps keys of others and needs a target; CreateOrMerge makes one; Orphan has no owner; None writes nothing", async (context) => {
  const it = await start(context);
  it.put(EXTERNAL_SECRETS, wish("a/merged", { creationPolicy: "Merge" }, { refreshInterval: "10s" }));
  await it.condition("a/merged", "Ready", "True", "ResourceMissing");
  const message = await it.condition("a/merged", "Synced", "False", "ResourceMissing");
  assert.match(message, /there is no ConfigMap to merge into/);
  it.put(CONFIG_MAPS, { ...CONFIG_MAP, metadata: { namespace: "a", name: "merged" }, data: { theirs: "x" } });
  await it.soon("the merge", () => JSON.stringify(configMap(it, "a/merged")?.data).includes("s3cret"));
  assert.deepEqual(configMap(it, "a/merged")?.data, { theirs: "x", password: "s3cret" });
  assert.equal(configMap(it, "a/merged")?.metadata.ownerReferences, undefined);
  for (const creationPolicy of ["CreateOrMerge", "Orphan", "None"] as const) {
    const key = `a/${creationPolicy.toLowerCase()}`;
    it.put(EXTERNAL_SECRETS, wish(key, { creationPolicy }));
    await it.ready(key, "True");
    assert.equal(configMap(it, key)?.metadata.ownerReferences, undefined);
    assert.equal(configMap(it, key) === undefined, creationPolicy === "None");
  }
});

test("deletionPolicy Delete deletes after the proof, and only what the ExternalSecret controls", async (context) => {
  const backend = new ScriptedBackend();
  backend.values.set("app/db", "s3cret");
  const it = await start(context, { surroundings: { bindBackend: backend.bindBackend } });
  it.put(EXTERNAL_SECRETS, wish("a/db", { deletionPolicy: "Delete" }, { refreshInterval: "10s" }));
  await it.ready("a/db", "True");
  const since = it.clock.now();
  backend.values.delete("app/db");
  await it.condition("a/db", "Ready", "True", "ResourceDeleted");
  assert.equal(configMap(it, "a/db"), undefined);
  assert.ok(it.clock.now() - since >= 5_000, "not on the strength of one answer");
  it.put(CONFIG_MAPS, { ...CONFIG_MAP, metadata: { namespace: "a", name: "db" }, data: { theirs: "x" } });
  const message = await it.ready("a/db", "False", /is not owned by this ExternalSecret/);
  assert.match(message, /^could not delete resource: ConfigMap "a\/db"/);
  assert.deepEqual(configMap(it, "a/db")?.data, { theirs: "x" });
});

test("a changed target.name or kind deletes what was made under the old one", async (context) => {
  const it = await start(context);
  it.put(EXTERNAL_SECRETS, externalSecret("a/db"));
  await it.ready("a/db", "True");
  it.edit(EXTERNAL_SECRETS, "a/db", ({ status, metadata }) => ({ ...wish("a/db"), metadata, status }));
  await it.soon("the ConfigMap alone", () => configMap(it, "a/db") !== undefined && it.secret("a/db") === undefined);
  await it.soon("the watch", () => it.server.watches("configmaps").length === 2);
  it.edit(EXTERNAL_SECRETS, "a/db", ({ status, metadata }) => ({ ...wish("a/db", { name: "new" }), metadata, status }));
  await it.soon("the new one alone", () => configMap(it, "a/new") !== undefined && configMap(it, "a/db") === undefined);
});

test("an object that another one controls is not touched", async (context) => {
  const it = await start(context);
  const owner = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "r", uid: "1", controller: true };
  it.put(CONFIG_MAPS, { ...CONFIG_MAP, metadata: { namespace: "a", name: "db", ownerReferences: [owner] } });
  it.put(EXTERNAL_SECRETS, wish("a/db"));
  const begin = /^failed to take ownership of target resource: ConfigMap "a\/db" is controlled by ReplicaSet "r"/;
  await it.ready("a/db", "False", begin);
});

test("an unknown kind is named, and used as soon as its CRD is there", async (context) => {
  const it = await start(context);
  const served = it.server.hide(WIDGETS);
  it.put(EXTERNAL_SECRETS, wish("a/w", { manifest: WIDGET, template: WIDGET_TEMPLATE }));
  const message = await it.ready("a/w", "False", /no kind "Widget" in "example\.test\/v1"; correct .* or install the/);
  assert.match(message, /^could not update resource: spec\.target\.manifest/);
  served();
  await it.ready("a/w", "True");
});

test("what the API server forbids is told with the verbs to grant, without the value", async (context) => {
  const it = await start(context);
  it.server.fail({
    match: ({ verb, plural }) => verb === "patch" && plural === "widgets",
    answer: { status: 403, reason: "Forbidden", message: "s3cret may not be written" },
    times: Number.POSITIVE_INFINITY,
  });
  it.put(EXTERNAL_SECRETS, wish("a/w", { manifest: WIDGET, template: WIDGET_TEMPLATE }));
  const grant = /grant its service account get, list, watch, create, patch and delete on widgets\.example\.test/;
  const message = await it.ready("a/w", "False", grant);
  assert.ok(!message.includes("s3cret"));
  assert.ok(!JSON.stringify(it.lines).includes("s3cret"));
  await it.condition("a/w", "Ready", "False", "ResourceSyncedError");
});

test("what a merge takes over from another field manager is told", async (context) => {
  const it = await start(context);
  const theirs = { ...CONFIG_MAP, metadata: { namespace: "a", name: "db" }, data: { password: "theirs", other: "x" } };
  const somebody = createKubeClient(it.server.config(), { clock: it.clock, qps: 0 });
  await somebody.apply(CONFIG_MAP_TYPE, theirs, { fieldManager: "somebody" }, AbortSignal.timeout(5_000));
  somebody.close();
  it.put(EXTERNAL_SECRETS, wish("a/db", { creationPolicy: "Merge" }));
  const message = await it.condition("a/db", "Synced", "True", "FieldConflict");
  assert.equal(message, 'fields were taken over: data.password from field manager "somebody"');
  assert.deepEqual(configMap(it, "a/db")?.data, { password: "s3cret", other: "x" });
  await it.soon("the event", () => it.events().some(({ reason }) => reason === "FieldConflict"));
});

for (const [kind, more] of [
  ["ConfigMap", {}],
  ["Widget", { manifest: WIDGET, template: WIDGET_TEMPLATE }],
] as const) {
  test(`an immutable ${kind} is written once; a later value is told`, async (context) => {
    const backend = new ScriptedBackend();
    backend.values.set("app/db", "s3cret");
    const it = await start(context, { surroundings: { bindBackend: backend.bindBackend } });
    const path = kind === "ConfigMap" ? CONFIG_MAPS : WIDGETS;
    it.put(EXTERNAL_SECRETS, wish("a/db", { immutable: true, ...more }, { refreshInterval: "10s" }));
    await it.ready("a/db", "True");
    const written = it.server.store.get(path, "a/db");
    assert.equal(written?.immutable, kind === "ConfigMap" ? true : undefined);
    backend.values.set("app/db", "later");
    const message = await it.condition("a/db", "Synced", "False", "ResourceImmutable");
    assert.match(message, new RegExp(`^the ${kind} is immutable and holds other values than the backend`));
    await it.condition("a/db", "Ready", "True", "ResourceSynced");
    assert.deepEqual(it.server.store.get(path, "a/db"), written);
    it.server.store.remove(path, "a/db");
    await it.condition("a/db", "Synced", "True", "ResourceSynced");
    assert.match(JSON.stringify(it.server.store.get(path, "a/db")), /later/);
  });
}

for (const [what, more, problem] of [
  ["a cluster-wide kind", { manifest: { apiVersion: "example.test/v1", kind: "Zone" } }, /have no namespace/],
  ["another namespace", { template: { templateFrom: [{ target: "metadata.namespace", literal: "b" }] } }, /a template/],
  ["other owners", { template: { templateFrom: [{ target: "metadata.ownerReferences", literal: "[]" }] } }, /ownerRef/],
  [
    "a path for a version",
    { manifest: { apiVersion: "../v1", kind: "ConfigMap" } },
    /no kind "ConfigMap" in "\.\.\/v1"/,
  ],
] as const) {
  test(`a target with ${what} is refused`, async (context) => {
    const it = await start(context);
    it.put(EXTERNAL_SECRETS, wish("a/db", more as Wish));
    await it.ready("a/db", "False", problem);
    assert.deepEqual([...it.server.store.all(CONFIG_MAPS), ...it.server.store.all(SECRETS)], []);
  });
}

test("v1 Secret written out is the usual target, and needs no flag", async (context) => {
  const it = await start(context, { options: { genericTargets: false } });
  it.put(EXTERNAL_SECRETS, wish("a/db", { manifest: { apiVersion: "v1", kind: "Secret" } }));
  await it.condition("a/db", "Ready", "True", "SecretSynced");
  assert.deepEqual(it.dataOf("a/db"), { password: "s3cret" });
});
