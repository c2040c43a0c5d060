import assert from "node:assert/strict";
import { test } from "node:test";
import { SharedReads } from "../../providers/shared-reads.ts";
import { FakeClock } from "../fake-clock.ts";

test("a shared read is aborted when all who wait for it have given up, and only then", async () => {
  const reads = new SharedReads(new FakeClock());
  const aborted: boolean[] = [];
  const start = (signal: AbortSignal) =>
    new Promise<string>((_resolve, reject) => {
      signal.addEventListener("abort", () => {
        aborted.push(true);
        reject(signal.reason);
      });
    });
  const [one, two] = [new AbortController(), new AbortController()];
  const first = reads.run("k", start, one.signal);
  const second = reads.run("k", start, two.signal);
  one.abort(new Error("one gives up"));
  await assert.rejects(first, /one gives up/);
  assert.deepEqual(aborted, []);
  two.abort(new Error("two gives up"));
  await assert.rejects(second, /two gives up/);
  assert.deepEqual(aborted, [true]);
});

test("a read that begins after an equal one has ended asks anew", async () => {
  const reads = new SharedReads(new FakeClock());
  let count = 0;
  const run = () => reads.run("k", async () => ++count, new AbortController().signal);
  assert.deepEqual(await Promise.all([run(), run()]), [
    { value: 1, joined: false },
    { value: 1, joined: true },
  ]);
  assert.deepEqual(await run(), { value: 2, joined: false });
});
