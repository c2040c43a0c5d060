import assert from "node:assert/strict";
import test from "node:test";
import { waitUntil } from "./wait-until.ts";

test("waiting gives the first value that is neither undefined nor false", async () => {
  const answers = [undefined, false, 0] as const;
  let asked = 0;
  assert.equal(await waitUntil("a number", () => answers[asked++], { intervalMs: 1 }), 0);
});

test("waiting that takes too long says for what", async () => {
  await assert.rejects(
    waitUntil("the moon", () => false, { timeoutMs: 20, intervalMs: 1 }),
    /^Error: the moon: not within 0\.02 s$/,
  );
});

test("an error of the condition ends the wait", async () => {
  const condition = () => {
    throw new Error("broken");
  };
  await assert.rejects(waitUntil("it", condition), /broken/);
});

test("a condition that hangs is aborted by the limit", async () => {
  const condition = (signal: AbortSignal) =>
    new Promise<boolean>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  await assert.rejects(waitUntil("it", condition, { timeoutMs: 20 }), /not within 0\.02 s/);
});

test("an abort from outside is passed on", async () => {
  const abort = new AbortController();
  const waiting = waitUntil("it", () => false, { signal: abort.signal });
  abort.abort(new Error("no more"));
  await assert.rejects(waiting, /no more/);
});
