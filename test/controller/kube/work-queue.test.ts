import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { WorkQueue } from "../../../controller/kube/contracts.ts";
import { createWorkQueue } from "../../../controller/kube/work-queue.ts";
import { FakeClock } from "../../fake-clock.ts";

/** A queue whose handler notes the keys, and holds each until it is let go where `hold` is set. */
function startQueue(
  context: TestContext,
  options: { readonly concurrency?: number; readonly hold?: boolean; readonly paused?: boolean } = {},
) {
  const clock = new FakeClock();
  const errors: unknown[] = [];
  const queue = createWorkQueue({ clock, onError: (_key, error) => errors.push(error) });
  const abort = new AbortController();
  const started: string[] = [];
  const held: (() => void)[] = [];
  let running = 0;
  let mostRunning = 0;
  const handler = async (key: string) => {
    started.push(key);
    mostRunning = Math.max(mostRunning, ++running);
    if (options.hold) await new Promise<void>((resolve) => held.push(resolve));
    running -= 1;
  };
  const run = () => queue.run(handler, options.concurrency ?? 1, abort.signal);
  const done = options.paused ? undefined : run();
  context.after(() => {
    abort.abort();
    for (const release of held) release();
  });
  return { clock, queue, abort, started, held, errors, done, run, mostRunning: () => mostRunning };
}

test("2,000 adds of a key while it is worked on run it once more", async (context) => {
  const { clock, queue, started, held } = startQueue(context, { hold: true, concurrency: 8 });
  queue.add("a");
  await clock.advance(0);
  for (let count = 0; count < 2_000; count++) queue.add("a", count % 2 === 0 ? "periodic" : "urgent");
  await clock.advance(0);
  assert.deepEqual(started, ["a"]);
  held.shift()?.();
  await clock.advance(0);
  assert.deepEqual(started, ["a", "a"]);
  held.shift()?.();
  await clock.advance(0);
  assert.deepEqual(started, ["a", "a"]);
  assert.equal(queue.depth, 0);
});

test("2,000 adds of a key that waits run it once", async (context) => {
  const { clock, queue, started } = startQueue(context);
  for (let count = 0; count < 2_000; count++) queue.add("a");
  assert.equal(queue.depth, 1);
  await clock.advance(0);
  assert.deepEqual(started, ["a"]);
});

test("as many keys are worked on at once as the concurrency says", async (context) => {
  const { clock, queue, held, started, mostRunning } = startQueue(context, { hold: true, concurrency: 3 });
  for (const key of "abcdefgh") queue.add(key);
  await clock.advance(0);
  assert.equal(queue.depth, 5);
  while (held.length > 0) {
    held.shift()?.();
    await clock.advance(0);
  }
  assert.equal(mostRunning(), 3);
  assert.deepEqual(started, [..."abcdefgh"]);
});

test("urgent goes before normal before periodic, and each in the order of arrival", async (context) => {
  const { clock, queue, started, run } = startQueue(context, { paused: true });
  queue.add("p", "periodic");
  queue.add("n1");
  queue.add("n2");
  queue.add("u", "urgent");
  queue.add("n2", "urgent");
  queue.add("u", "periodic");
  void run();
  await clock.advance(0);
  assert.deepEqual(started, ["u", "n2", "n1", "p"]);
});

test("periodic and normal keys get their turn however many urgent ones come", async (context) => {
  const { clock, queue, started, run } = startQueue(context, { paused: true });
  queue.add("periodic", "periodic");
  queue.add("normal");
  for (let count = 0; count < 100; count++) queue.add(`urgent-${count}`, "urgent");
  void run();
  await clock.advance(0);
  assert.ok(started.indexOf("normal") <= 5, `normal was number ${started.indexOf("normal")}`);
  assert.ok(started.indexOf("periodic") <= 11, `periodic was number ${started.indexOf("periodic")}`);
});

test("of several delays of a key the earliest wins, on one timer for all keys", async (context) => {
  const { clock, queue, started } = startQueue(context);
  queue.addAfter("a", 5_000);
  queue.addAfter("a", 1_000);
  queue.addAfter("a", 3_000);
  for (let count = 0; count < 1_000; count++) queue.addAfter(`k${count}`, 60_000 + count);
  assert.equal(clock.pending, 1);
  assert.equal(queue.delayed, 1_001);
  await clock.advance(999);
  assert.deepEqual(started, []);
  await clock.advance(1);
  assert.deepEqual(started, ["a"]);
  await clock.advance(10_000);
  assert.deepEqual(started, ["a"]);
  await clock.advance(60_000);
  assert.equal(started.length, 1_001);
  assert.equal(clock.pending, 0);
});

test("an add supersedes a delay, and a cancelled delay never comes", async (context) => {
  const { clock, queue, started } = startQueue(context);
  queue.addAfter("a", 1_000);
  queue.addAfter("b", 1_000);
  queue.add("a");
  queue.cancel("b");
  await clock.advance(5_000);
  assert.deepEqual(started, ["a"]);
  assert.equal(queue.delayed, 0);
});

test("delays come due in order, whatever is taken out between", async (context) => {
  const { clock, queue, started } = startQueue(context);
  const delays = Array.from({ length: 500 }, (_, index) => ((index * 7_919) % 1_000) + 1);
  for (const [index, delay] of delays.entries()) queue.addAfter(`${index}`, delay);
  for (let index = 0; index < 500; index += 3) queue.cancel(`${index}`);
  await clock.advance(2_000);
  const expected = [...delays.keys()].filter((index) => index % 3 !== 0);
  assert.equal(started.length, expected.length);
  const times = started.map((key) => delays[Number(key)] ?? 0);
  assert.deepEqual(
    times,
    [...times].sort((a, b) => a - b),
  );
});

test("a handler that throws is told, and the queue goes on", async (context) => {
  const clock = new FakeClock();
  const errors: [string, unknown][] = [];
  const queue: WorkQueue = createWorkQueue({ clock, onError: (key, error) => errors.push([key, error]) });
  const abort = new AbortController();
  context.after(() => abort.abort());
  const worked: string[] = [];
  void queue.run(
    async (key) => {
      worked.push(key);
      if (key === "bad") throw new Error("no");
    },
    1,
    abort.signal,
  );
  queue.add("bad");
  queue.add("good");
  await clock.advance(0);
  assert.deepEqual(worked, ["bad", "good"]);
  assert.equal(errors.length, 1);
});

test("a stop waits for the keys that are worked on and starts no others", async (context) => {
  const { clock, queue, abort, held, started, done } = startQueue(context, { hold: true });
  queue.add("a");
  queue.add("b");
  await clock.advance(0);
  let ended = false;
  void done?.then(() => {
    ended = true;
  });
  abort.abort();
  await clock.advance(0);
  assert.equal(ended, false);
  held.shift()?.();
  await clock.advance(0);
  assert.equal(ended, true);
  assert.deepEqual(started, ["a"]);
});

test("the age of the oldest key is that of its first add", async (context) => {
  const { clock, queue } = startQueue(context, { paused: true });
  assert.equal(queue.oldestAgeMs(), 0);
  queue.add("a", "periodic");
  await clock.advance(1_000);
  queue.add("b", "urgent");
  queue.add("a", "urgent");
  await clock.advance(500);
  assert.equal(queue.oldestAgeMs(), 1_500);
  assert.equal(queue.depth, 2);
});
