/** Tokens that are kept until shortly before they end. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AccessDenied, Transient } from "../../providers/errors.ts";
import { createTokenCache } from "../../providers/token-cache.ts";
import { FakeClock } from "../fake-clock.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const { signal } = new AbortController();

function cacheOf(lifeMs = HOUR_MS) {
  const clock = new FakeClock();
  const state = { fetches: 0, failure: undefined as Error | undefined };
  const cache = createTokenCache(clock, async () => {
    state.fetches++;
    if (state.failure !== undefined) throw state.failure;
    return { token: `token-${state.fetches}`, expiresAtMs: clock.now() + lifeMs };
  });
  return { clock, state, cache };
}

describe("the token cache", () => {
  it("fetches once for all that ask at the same time, and again five minutes before the end", async () => {
    const { clock, state, cache } = cacheOf();
    const tokens = await Promise.all([cache.current(signal), cache.current(signal), cache.current(signal)]);
    assert.deepEqual(tokens, ["token-1", "token-1", "token-1"]);
    await clock.advance(54 * MINUTE_MS);
    assert.equal(await cache.current(signal), "token-1");
    await clock.advance(MINUTE_MS);
    assert.equal(await cache.current(signal), "token-2");
    assert.equal(state.fetches, 2);
  });

  it("renews a short token at half of its life", async () => {
    const { clock, cache } = cacheOf(MINUTE_MS);
    await cache.current(signal);
    await clock.advance(29_000);
    assert.equal(await cache.current(signal), "token-1");
    await clock.advance(1_000);
    assert.equal(await cache.current(signal), "token-2");
  });

  it("goes on with the old token while a renewal fails for now, and asks again half a minute later", async () => {
    const { clock, state, cache } = cacheOf();
    await cache.current(signal);
    await clock.advance(56 * MINUTE_MS);
    state.failure = new Transient("down");
    assert.equal(await cache.current(signal), "token-1");
    assert.equal(await cache.current(signal), "token-1");
    assert.equal(state.fetches, 2);
    state.failure = undefined;
    await clock.advance(30_000);
    assert.equal(await cache.current(signal), "token-3");
  });

  it("gives up the old token where the login is refused, or when it has ended", async () => {
    const { clock, state, cache } = cacheOf();
    await cache.current(signal);
    await clock.advance(56 * MINUTE_MS);
    state.failure = new AccessDenied("no");
    await assert.rejects(cache.current(signal), AccessDenied);
    state.failure = new Transient("down");
    await clock.advance(5 * MINUTE_MS);
    await assert.rejects(cache.current(signal), Transient);
  });

  it("replaces a refused token once it is half a minute old, and no sooner", async () => {
    const { clock, cache } = cacheOf();
    const first = await cache.current(signal);
    assert.equal(await cache.replace(first, signal), undefined);
    await clock.advance(31_000);
    const second = await cache.replace(first, signal);
    assert.equal(second, "token-2");
    assert.equal(await cache.replace(first, signal), second);
  });

  it("does not end the fetch of others when one of them is aborted", async () => {
    const { state, cache } = cacheOf();
    const stopping = new AbortController();
    const aborted = cache.current(stopping.signal);
    const other = cache.current(signal);
    stopping.abort(new Error("stopped"));
    await assert.rejects(aborted, /stopped/);
    assert.equal(await other, "token-1");
    assert.equal(await cache.current(signal), "token-1");
    assert.equal(state.fetches, 1);
  });
});
