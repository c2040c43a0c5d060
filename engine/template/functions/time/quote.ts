/** How Go's time package quotes texts in its errors: bytes beyond ASCII as `\x..`. */

/** In double quotes. */
export function goQuote(text: string): string {
  const escaped = text.replace(/["\\]|[^ -\x7f]/g, (byte) =>
    byte === '"' || byte === "\\" ? `\\${byte}` : `\\x${byte.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  return `"${escaped}"`;
}
