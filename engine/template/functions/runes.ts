/** Go strings rune by rune. A byte that is no UTF-8 is the rune U+FFFD, as when Go ranges over a string. */
import { decodeRune, encodeRune, isAscii } from "../fmt/utf8.ts";

/** A text's runes. */
export function runesOf(text: string): number[] {
  const runes: number[] = [];
  for (let at = 0; at < text.length; ) {
    const decoded = decodeRune(text, at);
    runes.push(decoded >>> 3);
    at += decoded & 7;
  }
  return runes;
}

/** The text of runes. */
export function textOfRunes(runes: readonly number[]): string {
  return runes.map(encodeRune).join("");
}

/** The bytes of each rune; bytes that are no UTF-8 stay as they are. */
export function encodedRunes(text: string): string[] {
  const parts: string[] = [];
  for (let at = 0; at < text.length; ) {
    const size = decodeRune(text, at) & 7;
    parts.push(text.slice(at, at + size));
    at += size;
  }
  return parts;
}

/** Maps each rune; as `strings.Map`, bytes that are no UTF-8 become U+FFFD. */
export function mapRunes(text: string, change: (rune: number) => number): string {
  let output = "";
  for (let at = 0; at < text.length; ) {
    const decoded = decodeRune(text, at);
    output += encodeRune(change(decoded >>> 3));
    at += decoded & 7;
  }
  return output;
}

/** Leaves out the runes at the start for which `isCut` holds. */
export function trimStart(text: string, isCut: (rune: number) => boolean): string {
  let at = 0;
  while (at < text.length) {
    const decoded = decodeRune(text, at);
    if (!isCut(decoded >>> 3)) break;
    at += decoded & 7;
  }
  return text.slice(at);
}

/** Leaves out the runes at the end for which `isCut` holds. */
export function trimEnd(text: string, isCut: (rune: number) => boolean): string {
  let end = text.length;
  while (end > 0) {
    const start = lastRuneStart(text, end);
    if (!isCut(decodeRune(text.slice(start, end), 0) >>> 3)) break;
    end = start;
  }
  return text.slice(0, end);
}

/** Where the last rune before `end` starts. */
function lastRuneStart(text: string, end: number): number {
  if (isAscii(text.charAt(end - 1))) return end - 1;
  for (let start = end - 1; start >= Math.max(0, end - 4); start--) {
    if ((decodeRune(text.slice(start, end), 0) & 7) === end - start && end - start > 1) return start;
  }
  return end - 1;
}
