import assert from "node:assert/strict";
import { test } from "node:test";
import { createWorkQueue } from "../../../controller/kube/work-queue.ts";
import { FakeClock } from "../../fake-clock.ts";

test("what runs for a second lends its worker to others, and its group then keeps to half of the workers", async (context) => {
  const clock = new FakeClock();
  const queue = createWorkQueue({ clock, onError: assert.fail, groupsOf: (key) => [key.charAt(0)] });
  const abort = new AbortController();
  const started: string[] = [];
  const held = new Map<string, () => void>();
  const handler = async (key: string) => {
    started.push(key);
    if (key.startsWith("s")) await new Promise<void>((resolve) => held.set(key, resolve));
  };
  void queue.run(handler, 4, abort.signal);
  context.after(() => {
    abort.abort();
    for (const release of held.values()) release();
  });
  const slow = Array.from({ length: 9 }, (_, index) => `s${index}`);
  for (const key of [...slow, "q0", "q1"]) queue.add(key);
  await clock.advance(999);
  assert.deepEqual(started, ["s0", "s1", "s2", "s3"], "a group may hold all workers");
  await clock.advance(1);
  assert.deepEqual(started.splice(0), ["s0", "s1", "s2", "s3", "q0", "q1"]);
  assert.equal(queue.depth, 5);
  assert.equal(queue.oldestAgeMs(), 1_000);
  for (const key of ["s0", "s1"]) held.get(key)?.();
  await clock.advance(0);
  assert.deepEqual(started, [], "two are half of the workers");
  held.get("s2")?.();
  await clock.advance(0);
  assert.deepEqual(started.splice(0), ["s4"]);
  held.get("s4")?.();
  await clock.advance(0);
  assert.deepEqual(started.splice(0), ["s5", "s6", "s7"], "one that was quick lifts the limit");
});

test("a key that is held for its group runs at once when it is added after it has left the group", async (context) => {
  const clock = new FakeClock();
  let group = "slow";
  const queue = createWorkQueue({ clock, onError: assert.fail, groupsOf: (key) => [key === "moves" ? group : "slow"] });
  const abort = new AbortController();
  const never = Promise.withResolvers<void>();
  const started: string[] = [];
  const handler = async (key: string) => {
    started.push(key);
    if (key !== "moves") await never.promise;
  };
  void queue.run(handler, 1, abort.signal);
  context.after(() => {
    abort.abort();
    never.resolve();
  });
  queue.add("hangs");
  queue.add("moves");
  await clock.advance(1_000);
  assert.deepEqual(started, ["hangs"]);
  group = "other";
  queue.add("moves");
  await clock.advance(0);
  assert.deepEqual(started, ["hangs", "moves"]);
  assert.equal(queue.depth, 0);
});
