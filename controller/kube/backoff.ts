/** Growing delays between attempts, with jitter so that many clients do not return at once. */

/**
 * Delay before attempt number `failures` + 1, in milliseconds: `baseMs` doubled for each failure after the first, at most
 * `maxMs`, of which a random part between a half and the whole is taken.
 */
export function backoffMs(failures: number, baseMs: number, maxMs: number, random: () => number): number {
  const full = Math.min(maxMs, baseMs * 2 ** Math.min(Math.max(failures - 1, 0), 30));
  return full * (0.5 + random() / 2);
}
