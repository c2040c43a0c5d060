import assert from "node:assert/strict";
import { test } from "node:test";
import type { CreationPolicy, DeletionPolicy } from "../../api/external-secret.ts";
import {
  type ControllerFixture,
  type ControllerFixtureOptions,
  EXTERNAL_SECRETS,
  externalSecret,
  fakeStore,
  SECRETS,
  STORES,
  startTestController,
} from "./controller-fixture.ts";
import type { FakeObject } from "./kube/fake-object-store.ts";
import { ScriptedBackend } from "./scripted-backend.ts";

const CONFIG_MAPS = "/api/v1/configmaps";
const WIDGETS = "/apis/example.test/v1/widgets";
const MANAGED = "reconcile.external-secrets.io/managed";
const CONFIG_MAP = { apiVersion: "v1", kind: "ConfigMap" };
const WIDGET = { apiVersion: "example.test/v1", kind: "Widget" };

interface Wish {
  readonly manifest?: object;
  readonly creationPolicy?: CreationPolicy;
  readonly deletionPolicy?: DeletionPolicy;
  readonly name?: string;
  readonly template?: object;
}

function wish(key: string, { manifest = CONFIG_MAP, ...target }: Wish = {}, more: object = {}): object {
  return externalSecret(key, { target: { manifest, ...target } as never, ...more });
}

async function start(
  context: Parameters<typeof startTestController>[0],
  more: ControllerFixtureOptions = {},
): Promise<ControllerFixture> {
  const options = { genericTargets: true, ...more.options };
  const it = await startTestController(context, { ...more, options });
  it.put(STORES, fakeStore("a/store", { "app/db": "s3cret" }));
  return it;
}

const WIDGET_TEMPLATE = {
  templateFrom: [{ target: "spec.auth[0]", literal: "token: '{{ .password }}'\nlevel: 3000000" }],
};

function configMap(it: ControllerFixture, key: string): FakeObject | undefined {
  return it.server.store.get(CONFIG_MAPS, key);
}

test("a ConfigMap is made with the values, owned, labelled and hashed, and no Secret", async (context) => {
  const it = await start(context);
  it.put(EXTERNAL_SECRETS, wish("a/db"));
  assert.equal(await it.condition("a/db", "Ready", "True", "ResourceSynced"), "resource synced");
  assert.equal(await it.condition("a/db", "Synced", "True", "ResourceSynced"), "resource synced");
  const made = configMap(it, "a/db");
  assert.deepEqual(made?.data, { password: "s3cret" });
  assert.equal(made?.metadata.labels?.[MANAGED], "true");
  assert.match(made?.metadata.annotations?.["reconcile.external-secrets.io/data-hash"] ?? "", /^[0-9a-f]{56}$/);
  const owners = JSON.stringify(made?.metadata.ownerReferences);
  assert.ok(owners.includes('"ExternalSecret"') && owners.includes(it.externalSecret("a/db")?.metadata.uid ?? "none"));
  assert.equal(it.secret("a/db"), undefined);
  assert.equal(it.externalSecret("a/db")?.status?.binding, undefined);
  await it.soon("the event", () => it.events().some(({ message }) => message === "resource created"));
});

test("a custom kind is found by discovery and rendered where templates say", async (context) => {
  const it = await start(context);
  it.put(EXTERNAL_SECRETS, wish("a/w", { manifest: WIDGET, template: WIDGET_TEMPLATE }));
  await it.ready("a/w", "True");
  const made = it.server.store.get(WIDGETS, "a/w");
  assert.deepEqual(made?.spec, { auth: [{ token: "s3cret", level: 3_000_000 }] });
});

test("nothing is written while nothing differs, whatever others add", async (context) => {
  const backend = new ScriptedBackend();
  backend.values.set("app/db", "s3cret");
  const it = await start(context, { surroundings: { bindBackend: backend.bindBackend } });
  it.put(EXTERNAL_SECRETS, wish("a/w", { manifest: WIDGET, template: WIDGET_TEMPLATE }));
  await it.ready("a/w", "True");
  it.edit(WIDGETS, "a/w", (object) => ({
    ...object,
    spec: { ...(object.spec as object), byServer: 1 },
    status: { x: 1 },
  }));
  await it.pass(2_000);
  const writes = it.writes().length;
  await it.pass(2 * 3_700_000);
  assert.deepEqual(it.writes().slice(writes), []);
  const widget = it.server.store.get(WIDGETS, "a/w");
  assert.equal(Object(widget?.spec).byServer, 1);
});

test("a hand edit, a lost label and a deletion are repaired at once", async (context) => {
  const it = await start(context);
  it.put(EXTERNAL_SECRETS, wish("a/db"));
  it.put(EXTERNAL_SECRETS, wish("a/w", { manifest: WIDGET, template: WIDGET_TEMPLATE }));
  await it.ready("a/db", "True");
  await it.ready("a/w", "True");
  const isMade = () => it.server.watches("widgets").length === 1 && it.server.watches("configmaps").length === 1;
  await it.soon("the watches", isMade);
  const before = it.clock.now();
  it.edit(CONFIG_MAPS, "a/db", (object) => ({ ...object, data: { password: "other", more: "x" } }));
  it.edit(WIDGETS, "a/w", (object) => ({ ...object, spec: { auth: [{ token: "other", level: 3_000_000 }] } }));
  const isRight = () => JSON.stringify(configMap(it, "a/db")?.data) === '{"password":"s3cret"}';
  await it.soon("the repair", isRight);
  await it.soon("the repair of the widget", () =>
    JSON.stringify(it.server.store.get(WIDGETS, "a/w")?.spec).includes('"s3cret"'),
  );
  it.edit(CONFIG_MAPS, "a/db", (object) => ({ ...object, metadata: { ...object.metadata, labels: {} } }));
  await it.soon("the label", () => configMap(it, "a/db")?.metadata.labels?.[MANAGED] === "true");
  it.server.store.remove(CONFIG_MAPS, "a/db");
  await it.soon("the ConfigMap", isRight);
  assert.ok(it.clock.now() - before < 30_000, "long before the next refresh");
});

test("after a restart what was deleted or edited meanwhile is repaired, and what was not is left alone", async (context) => {
  const first = await start(context);
  first.put(EXTERNAL_SECRETS, wish("a/kept"));
  first.put(EXTERNAL_SECRETS, wish("a/edited"));
  first.put(EXTERNAL_SECRETS, wish("a/gone"));
  for (const key of ["a/kept", "a/edited", "a/gone"]) await first.ready(key, "True");
  const snapshot = [EXTERNAL_SECRETS, CONFIG_MAPS].map((path) => [path, first.server.store.all(path)] as const);
  const it = await start(context, {
    before: ({ store }) => {
      for (const [path, objects] of snapshot) for (const object of objects) store.put(path, object);
      store.put(CONFIG_MAPS, { ...(store.get(CONFIG_MAPS, "a/edited") as FakeObject), data: { password: "other" } });
      store.remove(CONFIG_MAPS, "a/gone");
    },
  });
  const dataOf = (key: string) => JSON.stringify(configMap(it, key)?.data);
  await it.soon(
    "the repairs",
    () => dataOf("a/edited") === '{"password":"s3cret"}' && dataOf("a/gone") === dataOf("a/edited"),
  );
  await it.pass(2_000);
  assert.deepEqual(
    it.writes().filter((write) => write.includes("configmaps") && write.includes("kept")),
    [],
  );
});

test("the watch of a kind ends with the last ExternalSecret that names it, and readiness never waits for it", async (context) => {
  const it = await start(context);
  it.server.fail({
    match: ({ verb, plural }) => verb === "list" && plural === "widgets",
    answer: { status: 403, reason: "Forbidden" },
    times: Number.POSITIVE_INFINITY,
  });
  it.put(EXTERNAL_SECRETS, wish("a/w", { manifest: WIDGET, template: WIDGET_TEMPLATE }));
  it.put(EXTERNAL_SECRETS, wish("a/db"));
  await it.ready("a/w", "True");
  await it.ready("a/db", "True");
  assert.equal((await fetch(`http://127.0.0.1:${it.ports.live}/readyz`)).status, 200);
  await it.soon("the watch", () => it.server.watches("configmaps").length === 1);
  it.server.store.remove(EXTERNAL_SECRETS, "a/db");
  await it.soon("its end", () => it.server.watches("configmaps").length === 0);
});

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
  await it.soon("the watch", () => it.server.watches("configmaps").length === 1);
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

for (const [what, more, problem] of [
  ["a cluster-wide kind", { manifest: { apiVersion: "example.test/v1", kind: "Zone" } }, /have no namespace/],
  ["another namespace", { template: { templateFrom: [{ target: "metadata.namespace", literal: "b" }] } }, /a template/],
  ["other owners", { template: { templateFrom: [{ target: "metadata.ownerReferences", literal: "[]" }] } }, /ownerRef/],
  ["immutable", { immutable: true }, /^invalid ExternalSecret: spec\.target\.immutable: not available/],
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
