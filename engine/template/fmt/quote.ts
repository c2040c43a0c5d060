/** Go's quoted strings and characters, as `strconv.Quote` and its kin write them. */

import { isPrintable } from "./printable.ts";
import { decodeRune, encodeRune, RUNE_ERROR } from "./utf8.ts";

/** A Go string in double quotes; printable runes stay, the rest is escaped (all but ASCII with `asciiOnly`). */
export function quote(text: string, asciiOnly = false): string {
  if (PLAIN.test(text)) return `"${text}"`;
  const parts: string[] = ['"'];
  for (let index = 0; index < text.length; ) {
    const decoded = decodeRune(text, index);
    const size = decoded & 7;
    const isBroken = decoded >>> 3 === RUNE_ERROR && size === 1;
    parts.push(isBroken ? `\\x${hex(text.charCodeAt(index), 2)}` : escapeRune(decoded >>> 3, '"', asciiOnly));
    index += size;
  }
  parts.push('"');
  return parts.join("");
}

/** A rune in single quotes; what is no Unicode scalar value becomes U+FFFD. */
export function quoteRune(rune: number, asciiOnly = false): string {
  const valid = rune <= 0x10ffff && (rune < 0xd800 || rune > 0xdfff);
  return `'${escapeRune(valid ? rune : RUNE_ERROR, "'", asciiOnly)}'`;
}

/** Whether a Go string can stand between backquotes: valid UTF-8, no control character but tab, no backquote. */
export function canBackquote(text: string): boolean {
  for (let index = 0; index < text.length; ) {
    const decoded = decodeRune(text, index);
    const rune = decoded >>> 3;
    const size = decoded & 7;
    if (size === 1 && rune === RUNE_ERROR) return false;
    if (rune === 0xfeff || (rune < 0x20 && rune !== 9) || rune === 0x60 || rune === 0x7f) return false;
    index += size;
  }
  return true;
}

/** Printable ASCII with neither quote nor backslash. */
const PLAIN = /^[ !\x23-\x5b\x5d-\x7e]*$/;

const SHORT_ESCAPES = new Map([
  [7, "\\a"],
  [8, "\\b"],
  [9, "\\t"],
  [10, "\\n"],
  [11, "\\v"],
  [12, "\\f"],
  [13, "\\r"],
]);

function escapeRune(rune: number, delimiter: string, asciiOnly: boolean): string {
  if (rune === 0x5c || rune === delimiter.charCodeAt(0)) return `\\${String.fromCharCode(rune)}`;
  if ((rune < 0x80 || !asciiOnly) && isPrintable(rune)) return encodeRune(rune);
  const short = SHORT_ESCAPES.get(rune);
  if (short !== undefined) return short;
  if (rune < 0x20 || rune === 0x7f) return `\\x${hex(rune, 2)}`;
  return rune < 0x10000 ? `\\u${hex(rune, 4)}` : `\\U${hex(rune, 8)}`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}
