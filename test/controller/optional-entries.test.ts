import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { ExternalSecretSpec } from "../../api/external-secret.ts";
import { MAX_STATUS_ENTRIES } from "../../api/reasons.ts";
import type { ControllerOptions } from "../../controller/options.ts";
import { EXTERNAL_SECRETS, externalSecret, fakeStore, STORES, startTestController } from "./controller-fixture.ts";
import { ScriptedBackend } from "./scripted-backend.ts";

async function start(
  context: TestContext,
  spec: Partial<ExternalSecretSpec>,
  values: Readonly<Record<string, string>>,
  options: Partial<ControllerOptions> = {},
) {
  const backend = new ScriptedBackend();
  for (const [key, value] of Object.entries(values)) backend.values.set(key, value);
  const it = await startTestController(context, { options, surroundings: { bindBackend: backend.bindBackend } });
  it.put(STORES, fakeStore("a/store", {}));
  it.put(EXTERNAL_SECRETS, externalSecret("a/db", { refreshInterval: "1m", ...spec }));
  return { it, backend };
}

const REQUIRED = { secretKey: "password", remoteRef: { key: "app/db" } };

test("optional entries that the backend does not have do not fail the rest, and are listed", async (context) => {
  const spec: Partial<ExternalSecretSpec> = {
    data: [
      REQUIRED,
      { secretKey: "a", remoteRef: { key: "app/none" }, optional: true },
      { secretKey: "b", remoteRef: { key: "app/map", property: "none" }, optional: true },
      { secretKey: "c", remoteRef: { key: "app/none" }, default: "fallback" },
      { secretKey: "d", remoteRef: { key: "app/db" }, default: "unused" },
    ],
    dataFrom: [
      { extract: { key: "app/none" }, optional: true },
      { extract: { key: "app/map" }, optional: true },
    ],
  };
  const { it, backend } = await start(context, spec, { "app/db": "s3cret", "app/map": '{"x":"1"}' });
  await it.ready("a/db", "True", /^secret synced$/);
  assert.deepEqual(it.dataOf("a/db"), { password: "s3cret", c: "fallback", d: "s3cret", x: "1" });
  const { entries } = it.externalSecret("a/db")?.status ?? {};
  assert.deepEqual(
    entries?.map(({ field, reason, message }) => [field, reason, message?.split(":")[0]]),
    [
      ["spec.dataFrom[0].extract", "SecretNotFound", "left out"],
      ["spec.data[1].remoteRef", "SecretNotFound", "left out"],
      ["spec.data[2].remoteRef", "PropertyNotFound", "left out"],
      ["spec.data[3].remoteRef", "SecretNotFound", "its default is used"],
    ],
  );
  assert.ok(!JSON.stringify(it.externalSecret("a/db")?.status).includes("fallback"));
  backend.values.set("app/none", '{"y":"2"}');
  backend.values.set("app/map", '{"x":"1","none":"3"}');
  await it.soon("the values", () => it.dataOf("a/db")?.b === "3", 1_000);
  await it.soon("no entries", () => it.externalSecret("a/db")?.status?.entries === undefined);
});

test("an optional key that goes is taken from the Secret only after a second answer", async (context) => {
  const spec = { data: [REQUIRED, { secretKey: "a", remoteRef: { key: "app/user" }, optional: true }] };
  const { it, backend } = await start(context, spec, { "app/db": "s3cret", "app/user": "me" });
  await it.ready("a/db", "True");
  backend.values.delete("app/user");
  const { reads } = backend;
  await it.soon("a read", () => backend.reads > reads + 1, 1_000);
  assert.equal(it.dataOf("a/db")?.a, "me");
  await it.soon("the key to go", () => it.dataOf("a/db")?.a === undefined);
  assert.equal(it.dataOf("a/db")?.password, "s3cret");
});

test("a property that is missing never deletes the Secret", async (context) => {
  const data = [{ secretKey: "a", remoteRef: { key: "app/map", property: "x" }, optional: true }];
  const { it, backend } = await start(
    context,
    { data, target: { deletionPolicy: "Delete" } },
    { "app/map": '{"x":"1"}' },
  );
  await it.ready("a/db", "True");
  backend.values.set("app/map", '{"y":"1"}');
  await it.soon("the answer", () => it.externalSecret("a/db")?.status?.conditions?.[1]?.status === "False", 1_000);
  await it.condition("a/db", "Synced", "False", "AbsenceUnproven");
  await it.pass(600_000);
  assert.deepEqual(it.dataOf("a/db"), { a: "1" });
});

test("the list of entries is bounded, and is not written again while it says the same", async (context) => {
  const data = Array.from({ length: 30 }, (_, index) => ({
    secretKey: `k${index}`,
    remoteRef: { key: `no/${index}` },
  }));
  const { it } = await start(context, { data }, {});
  await it.ready("a/db", "False", /spec\.data\[0\].*\(and 29 more entries\)/);
  assert.equal(it.externalSecret("a/db")?.status?.entries?.length, MAX_STATUS_ENTRIES);
  const writes = it.writes().length;
  await it.pass(60_000);
  assert.equal(it.writes().length, writes);
});

test("in strict mode Ready is denied wherever Synced is", async (context) => {
  const spec: Partial<ExternalSecretSpec> = { target: { creationPolicy: "Merge" } };
  const { it } = await start(context, spec, { "app/db": "s3cret" }, { strictReady: true });
  assert.match(await it.condition("a/db", "Ready", "False", "SecretMissing"), /there is no Secret to merge into/);
  await it.condition("a/db", "Synced", "False", "SecretMissing");
  assert.match(await it.metrics(), /externalsecret_sync_calls_error\{name="db",namespace="a"\} 0\n/);
});
