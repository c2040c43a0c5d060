/** Repetitions: what is repeated, how often, and how long it waits in between. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AccessDenied, Transient } from "../../providers/errors.ts";
import { parseRetryAfter, retryPolicyOf, withRetries } from "../../providers/retry.ts";
import { WakingClock } from "../contract/waking-clock.ts";

/** Fails `failures` times, each with the next of the errors. */
async function run(errors: readonly Error[], settings: Parameters<typeof retryPolicyOf>[0] = {}) {
  const clock = new WakingClock();
  let calls = 0;
  const operation = async () => {
    const error = errors[calls++];
    if (error !== undefined) throw error;
    return "done";
  };
  const surroundings = { clock, random: () => 1 };
  const result = await withRetries(operation, retryPolicyOf(settings), surroundings, AbortSignal.timeout(5_000)).catch(
    (error: unknown) => error,
  );
  return { result, calls, slept: clock.slept };
}

describe("a repetition", () => {
  const passing = new Transient("busy");

  it("waits longer each time and ends with the result", async () => {
    assert.deepEqual(await run([passing, passing]), { result: "done", calls: 3, slept: [200, 400] });
  });

  it("ends after three tries with the last error", async () => {
    const { result, calls } = await run(Array.from({ length: 9 }, () => passing));
    assert.equal(result, passing);
    assert.equal(calls, 3);
  });

  it("waits as long as the backend asks, and leaves long waits to the caller", async () => {
    assert.deepEqual((await run([new Transient("busy", { retryAfterMs: 1_500 })])).slept, [1_500]);
    const long = new Transient("busy", { retryAfterMs: 60_000 });
    assert.deepEqual(await run([long]), { result: long, calls: 1, slept: [] });
  });

  it("is not made for errors that do not pass", async () => {
    const denied = new AccessDenied("no");
    assert.deepEqual(await run([denied]), { result: denied, calls: 1, slept: [] });
  });

  it("follows the store's retrySettings", async () => {
    const many = Array.from({ length: 9 }, () => passing);
    assert.deepEqual((await run(many, { maxRetries: 2, retryIntervalMs: 50 })).slept, [50, 50]);
    assert.equal((await run(many, { maxRetries: 0 })).calls, 1);
  });

  it("ends with the signal's reason when aborted while it waits", async () => {
    const stopping = new AbortController();
    const reason = new Error("stopped");
    const operation = async () => {
      stopping.abort(reason);
      throw passing;
    };
    const surroundings = { clock: new WakingClock(), random: () => 1 };
    await assert.rejects(withRetries(operation, retryPolicyOf(), surroundings, stopping.signal), reason);
  });
});

describe("a Retry-After header", () => {
  const now = Date.UTC(2025, 0, 1);
  const cases: readonly (readonly [header: string | undefined, expected: number | undefined])[] = [
    [undefined, undefined],
    ["0", 0],
    ["3", 3_000],
    ["1.5", 1_500],
    ["Wed, 01 Jan 2025 00:00:10 GMT", 10_000],
    ["Tue, 31 Dec 2024 23:59:00 GMT", 0],
    ["soon", undefined],
  ];
  for (const [header, expected] of cases) {
    it(`${header} means ${expected} ms`, () => assert.equal(parseRetryAfter(header, now), expected));
  }
});
