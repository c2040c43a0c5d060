/** Awaits a condition of something that runs on its own, with a deadline. */
import { setTimeout as sleep } from "node:timers/promises";

/** Between two looks; short enough not to be felt, long enough to leave the processor to what is waited for. */
const LOOK_EVERY_MS = 2;

/**
 * Resolves with the first value of `look` that is neither `undefined` nor `false`. `onTurn` runs before each further look: the place
 * to move a fake clock.
 * @throws an Error that names `what` where that takes longer than `limitMs` (default 5 s) of real time.
 */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  options: { readonly limitMs?: number; readonly onTurn?: () => Promise<void> | void } = {},
): Promise<T> {
  const limitMs = options.limitMs ?? 5_000;
  const startedAt = performance.now();
  for (;;) {
    const value = await look();
    if (value !== undefined && value !== false) return value;
    if (performance.now() - startedAt > limitMs) throw new Error(`not within ${limitMs} ms: ${what}`);
    await options.onTurn?.();
    await sleep(LOOK_EVERY_MS);
  }
}
