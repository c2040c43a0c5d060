/** Bearer tokens of one identity, kept until shortly before they end; concurrent users share one fetch. */
import type { Clock } from "../api/clock.ts";
import { Transient } from "./errors.ts";
import { untilAborted } from "./until-aborted.ts";

/** A token and when it ends, in milliseconds since the epoch. */
export interface AccessToken {
  readonly token: string;
  readonly expiresAtMs: number;
}

/** Where tokens come from. The signal is not that of any one caller: the calls inside have limits of their own. */
export type TokenSource = (signal: AbortSignal) => Promise<AccessToken>;

export interface TokenCache {
  /**
   * A valid token. While the old one lasts, a renewal that fails for now is no error.
   * @throws what the source throws; the signal's reason when it aborts.
   */
  current(signal: AbortSignal): Promise<string>;
  /** After `refused` was refused: another token, or undefined where it is too young for another to be better. */
  replace(refused: string, signal: AbortSignal): Promise<string | undefined>;
  /** Drops the token, so that the next user gets a new one. */
  forget(): void;
}

/** Renewed this long before its end, or at half of its life where that is later. */
const RENEW_BEFORE_MS = 5 * 60_000;
/** After a renewal that failed for now, the old token serves this long before the next attempt. */
const RENEW_AGAIN_AFTER_MS = 30_000;
/** A token that is fresh enough not to be the reason of a refusal. */
const FRESH_MS = 30_000;

interface HeldToken extends AccessToken {
  readonly fetchedAtMs: number;
}

export function createTokenCache(clock: Clock, source: TokenSource): TokenCache {
  let held: HeldToken | undefined;
  let pending: Promise<HeldToken> | undefined;
  let renewNotBeforeMs = 0;

  async function fetchAnew(signal: AbortSignal): Promise<string> {
    pending ??= begin();
    return (await untilAborted(pending, signal)).token;
  }

  function begin(): Promise<HeldToken> {
    const fetching: Promise<HeldToken> = source(new AbortController().signal)
      .then((token) => {
        const fresh = { ...token, fetchedAtMs: clock.now() };
        if (pending === fetching) held = fresh;
        return fresh;
      })
      .finally(() => {
        if (pending === fetching) pending = undefined;
      });
    return fetching;
  }

  return {
    async current(signal) {
      signal.throwIfAborted();
      const last = held;
      const now = clock.now();
      if (last === undefined || last.expiresAtMs <= now) return fetchAnew(signal);
      if (now < renewalTime(last) || now < renewNotBeforeMs) return last.token;
      try {
        return await fetchAnew(signal);
      } catch (error) {
        if (!(error instanceof Transient)) throw error;
        renewNotBeforeMs = clock.now() + RENEW_AGAIN_AFTER_MS;
        return last.token;
      }
    },
    async replace(refused, signal) {
      if (held !== undefined && held.token !== refused) return held.token;
      if (held !== undefined && clock.now() - held.fetchedAtMs < FRESH_MS) return undefined;
      const another = await fetchAnew(signal);
      return another === refused ? undefined : another;
    },
    forget() {
      held = undefined;
      pending = undefined;
    },
  };
}

function renewalTime({ fetchedAtMs, expiresAtMs }: HeldToken): number {
  return expiresAtMs - Math.min(RENEW_BEFORE_MS, (expiresAtMs - fetchedAtMs) / 2);
}
