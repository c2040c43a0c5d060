/** The Retry-After header (RFC 9110): seconds or a date. */

/** Milliseconds to wait, never negative; `undefined` where the header is absent or is neither form. */
export function parseRetryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(date - nowMs, 0);
}
