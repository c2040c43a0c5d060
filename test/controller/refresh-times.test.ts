import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { ExternalSecretSpec } from "../../api/external-secret.ts";
import { FORCE_SYNC_ANNOTATION } from "../../api/labels.ts";
import type { ControllerOptions } from "../../controller/options.ts";
import {
  EXTERNAL_SECRETS,
  externalSecret,
  fakeStore,
  SECRETS,
  STORES,
  startTestController,
} from "./controller-fixture.ts";
import { ScriptedBackend } from "./scripted-backend.ts";

async function start(
  context: TestContext,
  spec: Partial<ExternalSecretSpec>,
  options: Partial<ControllerOptions> = {},
) {
  const backend = new ScriptedBackend();
  backend.values.set("app/db", "one");
  const it = await startTestController(context, { options, surroundings: { bindBackend: backend.bindBackend } });
  it.put(STORES, fakeStore("a/store", {}));
  it.put(EXTERNAL_SECRETS, externalSecret("a/db", { refreshInterval: "1m", ...spec }));
  await it.ready("a/db", "True");
  return { it, backend };
}

test("a heartbeat moves refreshTime at its own pace, or at each refresh", async (context) => {
  for (const [statusHeartbeatMs, least, most] of [
    [0, 5, 10],
    [240_000, 2, 2],
  ] as const) {
    const { it } = await start(context, {}, { statusHeartbeatMs });
    const writes = it.writes().length;
    await it.pass(600_000);
    const heartbeats = it.writes().length - writes;
    assert.ok(least <= heartbeats && heartbeats <= most, `${heartbeats} for ${statusHeartbeatMs}`);
    assert.match(it.externalSecret("a/db")?.status?.refreshTime ?? "", /T00:(0[6-9]|10):/);
    await it.stop();
  }
});

test("periodic refreshes wait for a window, edits and forced refreshes do not", async (context) => {
  // The clock starts at midnight of the 1st of January 2025.
  const syncWindows = { kind: "allow", windows: [{ schedule: "0 2 * * *", duration: "30m" }] } as const;
  const { it, backend } = await start(context, { syncWindows });
  backend.values.set("app/db", "two");
  await it.pass(3_600_000);
  assert.equal(it.dataOf("a/db")?.password, "one");
  const annotations = { [FORCE_SYNC_ANNOTATION]: "now" };
  it.edit(EXTERNAL_SECRETS, "a/db", (object) => ({ ...object, metadata: { ...object.metadata, annotations } }));
  await it.soon("the forced refresh", () => it.dataOf("a/db")?.password === "two");
  backend.values.set("app/db", "three");
  await it.pass(3_400_000);
  assert.equal(it.dataOf("a/db")?.password, "two");
  await it.soon("the window", () => it.dataOf("a/db")?.password === "three", 10_000);
  const readsBefore = backend.reads;
  await it.pass(7_200_000);
  const inWindow = backend.reads - readsBefore;
  assert.ok(inWindow >= 10 && inWindow <= 30, `${inWindow} reads in and after the window`);
});

test("a refresh is forced by any annotation, but not with an interval of 0, as in ESO", async (context) => {
  const { it, backend } = await start(context, { refreshInterval: "0" });
  backend.values.set("app/db", "two");
  const annotations = { [FORCE_SYNC_ANNOTATION]: "now" };
  it.edit(EXTERNAL_SECRETS, "a/db", (object) => ({ ...object, metadata: { ...object.metadata, annotations } }));
  await it.pass(60_000);
  assert.equal(it.dataOf("a/db")?.password, "one");
  await it.condition("a/db", "Synced", "True", "SecretSynced");
});

test("an edit that an interval of 0 lets nobody carry out is told, until the Secret is made anew", async (context) => {
  const { it } = await start(context, { refreshInterval: "0" });
  it.edit(EXTERNAL_SECRETS, "a/db", ({ spec, ...object }) => ({
    ...object,
    spec: { ...(spec as object), data: [{ secretKey: "renamed", remoteRef: { key: "app/db" } }] },
  }));
  const message = await it.condition("a/db", "Synced", "False", "EditIgnored");
  assert.match(message, /^edited after the one refresh .* set spec\.refreshPolicy to OnChange, or delete the Secret$/);
  await it.condition("a/db", "Ready", "True", "SecretSynced");
  const writes = it.writes().length;
  await it.pass(600_000);
  assert.equal(it.writes().length, writes, "it is told once");
  assert.deepEqual(it.dataOf("a/db"), { password: "one" });
  it.server.store.remove(SECRETS, "a/db");
  await it.condition("a/db", "Synced", "True", "SecretSynced");
  assert.deepEqual(it.dataOf("a/db"), { renamed: "one" });
});
