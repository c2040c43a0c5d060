import assert from "node:assert/strict";
import { test } from "node:test";
import { FORCE_SYNC_ANNOTATION } from "../../api/labels.ts";
import { EXTERNAL_SECRETS, externalSecret, fakeStore, STORES, startTestController } from "./controller-fixture.ts";
import { ScriptedBackend } from "./scripted-backend.ts";

test("contentVersion changes with the data of the Secret, and with nothing else", async (context) => {
  const backend = new ScriptedBackend();
  backend.values.set("app/db", "one");
  const it = await startTestController(context, { surroundings: { bindBackend: backend.bindBackend } });
  const version = () => it.externalSecret("a/db")?.status?.contentVersion;
  it.put(STORES, fakeStore("a/store", {}));
  it.put(EXTERNAL_SECRETS, externalSecret("a/db", { refreshInterval: "1m" }));
  await it.ready("a/db", "True");
  const first = version();
  assert.notEqual(first ?? "", "");

  const syncedBefore = it.externalSecret("a/db")?.status?.syncedResourceVersion;
  const annotations = { [FORCE_SYNC_ANNOTATION]: "now" };
  it.edit(EXTERNAL_SECRETS, "a/db", (object) => ({ ...object, metadata: { ...object.metadata, annotations } }));
  await it.soon("the sync of an edit", () => it.externalSecret("a/db")?.status?.syncedResourceVersion !== syncedBefore);
  assert.equal(version(), first);

  backend.values.set("app/db", "two");
  await it.pass(120_000);
  await it.soon("the new data", () => it.dataOf("a/db")?.password === "two");
  await it.soon("a new version", () => version() !== first);
});
