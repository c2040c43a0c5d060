/** Go durations ("1h30m", "250ms"), as every interval field of the API is written. */

/**
 * Both signs for "micro" are escaped: one character beyond Latin-1 in the bundle would make Node hold its whole text in two
 * bytes for each character.
 */
const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ["ns", 1e-6],
  ["us", 1e-3],
  ["\u00b5s", 1e-3],
  ["\u03bcs", 1e-3],
  ["ms", 1],
  ["s", 1_000],
  ["m", 60_000],
  ["h", 3_600_000],
]);

const DURATION = /^([+-]?)((?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h))+)$/u;
const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/gu;

/** Go's `time.Duration` is an int64 of nanoseconds: about 292 years. */
const MAX_DURATION_MS = 2 ** 63 / 1e6;

/**
 * Milliseconds of a Go duration string, or `undefined` where Go's `time.ParseDuration` would refuse it.
 * The same grammar: a sign, then decimal numbers each with a unit (ns, us, µs, ms, s, m, h); "0" alone needs no unit.
 */
export function parseDurationMs(text: string): number | undefined {
  if (/^[+-]?0$/.test(text)) return 0;
  const match = DURATION.exec(text);
  if (match === null) return undefined;
  let sum = 0;
  for (const [, amount, unit] of (match[2] ?? "").matchAll(PART)) {
    sum += Number(amount) * (UNIT_MS.get(unit ?? "") ?? Number.NaN);
  }
  if (!(sum <= MAX_DURATION_MS)) return undefined;
  return match[1] === "-" ? -sum : sum;
}
