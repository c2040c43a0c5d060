/** Waiting for a condition, with a limit. */
import { setTimeout as sleep } from "node:timers/promises";

export interface WaitOptions {
  /** Milliseconds until it fails. Default 30,000. */
  readonly timeoutMs?: number;
  /** Milliseconds between two looks. Default 50. */
  readonly intervalMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks `condition` again and again until it gives something other than `undefined` or `false`, and returns that.
 * A condition that throws ends the wait.
 * @throws an error that says `what` was waited for when the time is over; the signal's reason when it aborts.
 */
export async function waitUntil<T>(
  what: string,
  condition: (signal: AbortSignal) => T | undefined | false | Promise<T | undefined | false>,
  options: WaitOptions = {},
): Promise<T> {
  const { timeoutMs = 30_000, intervalMs = 50, signal: outer } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = outer === undefined ? timeout : AbortSignal.any([outer, timeout]);
  for (;;) {
    outer?.throwIfAborted();
    try {
      const result = await condition(signal);
      if (result !== undefined && result !== false) return result;
      if (!timeout.aborted) await sleep(intervalMs, undefined, { signal });
    } catch (error) {
      outer?.throwIfAborted();
      if (!timeout.aborted) throw error;
    }
    if (timeout.aborted) throw new Error(`${what}: not within ${timeoutMs / 1000} s`);
  }
}
