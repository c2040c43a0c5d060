import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { ExternalSecret } from "../../api/external-secret.ts";
import { FORCE_SYNC_ANNOTATION } from "../../api/labels.ts";
import { dueAfterMs, refreshOffsetMs, sharedAgeMs } from "../../controller/external-secret/refresh-schedule.ts";
import { SharedReads } from "../../providers/shared-reads.ts";
import { FakeClock } from "../fake-clock.ts";
import {
  EXTERNAL_SECRETS,
  externalSecret,
  fakeStore,
  SECRETS,
  STORES,
  startTestController,
} from "./controller-fixture.ts";
import { ScriptedBackend } from "./scripted-backend.ts";

const USERS = 20;
const signal = new AbortController().signal;

async function startUsers(context: TestContext) {
  const backend = new ScriptedBackend();
  backend.values.set("app/db", "one");
  const it = await startTestController(context, { surroundings: { bindBackend: backend.bindBackend } });
  it.put(STORES, fakeStore("a/store", {}));
  const names = Array.from({ length: USERS }, (_, index) => `a/db-${index}`);
  for (const name of names) it.put(EXTERNAL_SECRETS, externalSecret(name, { refreshInterval: "1m" }));
  for (const name of names) await it.ready(name, "True");
  return { it, backend, names };
}

test("refreshes of one remote secret come due together, within one interval after the last", () => {
  const offsetOf = (key: string, name: string) =>
    refreshOffsetMs(
      externalSecret(name, { data: [{ secretKey: "k", remoteRef: { key } }] }) as unknown as ExternalSecret,
    );
  assert.equal(offsetOf("one", "a/x"), offsetOf("one", "a/y"));
  assert.notEqual(offsetOf("one", "a/x"), offsetOf("two", "a/x"));
  assert.notEqual(offsetOf("one", "a/x"), offsetOf("one", "b/x"), "another namespace is another SecretStore");
  for (const lastMs of [0, 1, 59_999, 60_000, 1_234_567_890_123]) {
    const dueMs = dueAfterMs(lastMs, 60_000, 4_000_000_123);
    assert.ok(lastMs < dueMs && dueMs <= lastMs + 60_000, `${dueMs} after ${lastMs}`);
    assert.equal(dueAfterMs(dueMs, 60_000, 4_000_000_123), dueMs + 60_000);
  }
  assert.equal(dueAfterMs(5, Number.POSITIVE_INFINITY, 7), Number.POSITIVE_INFINITY);
  assert.deepEqual([sharedAgeMs(3_600_000), sharedAgeMs(5_000)], [2_000, 500]);
});

test("many that read one remote secret ask the backend once an interval, and write nothing", async (context) => {
  const { it, backend } = await startUsers(context);
  await it.pass(60_000);
  const [reads, writes] = [backend.reads, it.writes().length];
  await it.pass(600_000);
  const later = backend.reads - reads;
  assert.ok(later >= 8 && later <= 11, `${later} reads in ten intervals`);
  assert.equal(it.writes().length, writes);
});

test("a changed value reaches all that read it within one interval", async (context) => {
  const { it, backend, names } = await startUsers(context);
  await it.pass(90_000);
  backend.values.set("app/db", "two");
  await it.pass(61_000);
  for (const name of names) assert.equal(it.dataOf(name)?.password, "two", name);
});

test("a Secret that was edited is put right by a refresh that finds the same value", async (context) => {
  const { it } = await startUsers(context);
  await it.pass(90_000);
  it.edit(SECRETS, "a/db-0", (secret) => ({ ...secret, data: { password: "ZWRpdGVk" } }));
  await it.soon("the value", () => it.dataOf("a/db-0")?.password === "one");
});

test("a forced refresh reads anew while others share what was read before", async (context) => {
  const { it, backend } = await startUsers(context);
  const reads = backend.reads;
  await it.soon("a periodic refresh", () => backend.reads > reads, 500);
  backend.values.set("app/db", "two");
  const annotations = { [FORCE_SYNC_ANNOTATION]: "now" };
  it.edit(EXTERNAL_SECRETS, "a/db-3", (object) => ({ ...object, metadata: { ...object.metadata, annotations } }));
  await it.soon("the new value", () => it.dataOf("a/db-3")?.password === "two", 1);
});

test("a read that must be fresh joins none that began before it, under way or done", async () => {
  const clock = new FakeClock();
  const reads = new SharedReads(clock);
  let count = 0;
  const run = (maxAgeMs: number) => reads.run("k", async () => ++count, signal, maxAgeMs);
  assert.equal((await run(2_000)).value, 1);
  await clock.advance(1_000);
  assert.deepEqual(await run(2_000), { value: 1, joined: true });
  assert.deepEqual(await run(0), { value: 2, joined: false });
  const slow = Promise.withResolvers<number>();
  const under = reads.run("slow", () => slow.promise, signal, 2_000);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(await reads.run("slow", async () => 7, signal), { value: 7, joined: false });
  slow.resolve(6);
  assert.equal((await under).value, 6);
});

test("what was read is forgotten when it is too old to be shared, and when the client closes", async () => {
  const clock = new FakeClock();
  const reads = new SharedReads(clock);
  let count = 0;
  const run = () => reads.run("k", async () => ++count, signal, 2_000);
  await run();
  await clock.advance(2_001);
  assert.equal((await run()).value, 2);
  reads.clear();
  assert.equal((await run()).value, 3);
});
