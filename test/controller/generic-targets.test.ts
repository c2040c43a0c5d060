import assert from "node:assert/strict";
import { test } from "node:test";
import { EXTERNAL_SECRETS } from "./controller-fixture.ts";
import {
  CONFIG_MAPS,
  configMap,
  MANAGED,
  start,
  WIDGET,
  WIDGET_TEMPLATE,
  WIDGETS,
  wish,
} from "./generic-target-parts.ts";
import type { FakeObject } from "./kube/fake-object-store.ts";
import { ScriptedBackend } from "./scripted-backend.ts";

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
  const isMade = () => it.server.watches("widgets").length === 1 && it.server.watches("configmaps").length === 2;
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
  await it.soon("the watch", () => it.server.watches("configmaps").length === 2);
  it.server.store.remove(EXTERNAL_SECRETS, "a/db");
  await it.soon("its end", () => it.server.watches("configmaps").length === 1);
});
