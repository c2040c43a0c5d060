/** JSON string literals to bytes and back. */
import { type ByteText, decodeText, encodeText } from "./byte-text.ts";

const ESCAPED: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/** The bytes of a string literal (quotes included in `raw`). A lone surrogate becomes U+FFFD. */
export function unquote(raw: ByteText): ByteText {
  const body = raw.slice(1, raw.endsWith('"') && raw.length > 1 ? -1 : undefined);
  return unescapeText(body);
}

const ESCAPE = /\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([\s\S]))/g;

/** Resolves the escapes of a string literal's inside. */
export function unescapeText(body: ByteText): ByteText {
  if (!body.includes("\\")) return body;
  return body.replace(ESCAPE, (_, high?: string, low?: string, unit?: string, char = "") => {
    if (high !== undefined && low !== undefined) return codeUnits(high, low);
    return unit === undefined ? (ESCAPED[char] ?? char) : codeUnits(unit);
  });
}

function codeUnits(...hex: string[]): ByteText {
  const units = hex.map((unit) => Number.parseInt(unit, 16));
  return encodeText(String.fromCharCode(...units).toWellFormed());
}

const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/**
 * A string literal as Go's `encoding/json` (and gjson) writes it: `<`, `>`, `&`, U+2028 and U+2029 escaped too, so that
 * Secrets hold the same bytes as with ESO.
 */
export function quote(text: ByteText): ByteText {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON demands that they are escaped.
  const escaped = decodeText(text).replace(/["\\\u0000-\u001f<>&\u2028\u2029]/g, (char) => {
    return SHORT[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  return `"${encodeText(escaped)}"`;
}
