/** What ends and can be had anew (a token, credentials), kept until shortly before its end; concurrent users share one fetch. */
import type { Clock } from "../api/clock.ts";
import { Transient } from "./errors.ts";
import { untilAborted } from "./until-aborted.ts";

/** What is kept, and since when. */
export interface HeldValue<T> {
  readonly value: T;
  readonly fetchedAtMs: number;
}

export interface RenewedValue<T> {
  /** Undefined before the first fetch and after `forget`. It may have ended. */
  readonly held: HeldValue<T> | undefined;
  /**
   * A valid value. While the old one lasts, a renewal that fails for now is no error.
   * @throws what the source throws; the signal's reason when it aborts.
   */
  current(signal: AbortSignal): Promise<T>;
  /** A value that is fetched now, or whose fetch is under way. @throws as `current`. */
  fetchAnew(signal: AbortSignal): Promise<T>;
  /** Drops the value, so that the next user gets a new one. */
  forget(): void;
}

/** Renewed this long before its end, or at half of its life where that is later. */
const RENEW_BEFORE_MS = 5 * 60_000;
/** After a renewal that failed for now, the old value serves this long before the next attempt. */
const RENEW_AGAIN_AFTER_MS = 30_000;

/**
 * `endOf` gives the end in milliseconds since the epoch; Infinity where there is none. The source's signal is not that of any one
 * caller: the calls inside have limits of their own.
 */
export function createRenewedValue<T>(
  clock: Clock,
  source: (signal: AbortSignal) => Promise<T>,
  endOf: (value: T) => number,
): RenewedValue<T> {
  let held: HeldValue<T> | undefined;
  let pending: Promise<T> | undefined;
  let renewNotBeforeMs = 0;

  const begin = (): Promise<T> => {
    const fetching: Promise<T> = source(new AbortController().signal)
      .then((value) => {
        if (pending === fetching) held = { value, fetchedAtMs: clock.now() };
        return value;
      })
      .finally(() => {
        if (pending === fetching) pending = undefined;
      });
    return fetching;
  };
  const fetchAnew = (signal: AbortSignal): Promise<T> => {
    pending ??= begin();
    return untilAborted(pending, signal);
  };
  const renewalTime = ({ value, fetchedAtMs }: HeldValue<T>) =>
    endOf(value) - Math.min(RENEW_BEFORE_MS, (endOf(value) - fetchedAtMs) / 2);
  return {
    get held() {
      return held;
    },
    async current(signal) {
      signal.throwIfAborted();
      const last = held;
      const now = clock.now();
      if (last === undefined || endOf(last.value) <= now) return fetchAnew(signal);
      if (now < renewalTime(last) || now < renewNotBeforeMs) return last.value;
      try {
        return await fetchAnew(signal);
      } catch (error) {
        if (!(error instanceof Transient) || endOf(last.value) <= clock.now()) throw error;
        renewNotBeforeMs = clock.now() + RENEW_AGAIN_AFTER_MS;
        return last.value;
      }
    },
    fetchAnew,
    forget() {
      held = undefined;
      pending = undefined;
    },
  };
}
