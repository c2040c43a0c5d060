/** UTF-8 inside Go strings: one character per byte, decoded rune by rune as Go's `unicode/utf8` does. */

/** The rune that stands for bytes that are no UTF-8. */
export const RUNE_ERROR = 0xfffd;

/** The greatest rune. */
export const MAX_RUNE = 0x10ffff;

/** Whether a Go string is ASCII only, so that bytes and runes are the same. */
export function isAscii(text: string): boolean {
  return !NOT_ASCII.test(text);
}

/** How many bytes the rune at byte `index` takes: 1 to 4; 0 at the end of the text. */
export function runeSizeAt(text: string, index: number): number {
  return decode(text, index) & 7;
}

/** Rune and size in one number, for loops that should not decode twice: `rune << 3 | size`. */
export function decodeRune(text: string, index: number): number {
  return decode(text, index);
}

/** How many runes a Go string has; each byte that is no UTF-8 counts as one. */
export function runeCount(text: string): number {
  if (isAscii(text)) return text.length;
  let count = 0;
  for (let index = 0; index < text.length; count++) index += decode(text, index) & 7;
  return count;
}

/** The bytes of a rune, as a Go string; no Unicode scalar value gives U+FFFD, as in Go. */
export function encodeRune(rune: number): string {
  if (rune < 0x80 && rune >= 0) return String.fromCharCode(rune);
  const valid = rune >= 0 && rune <= MAX_RUNE && (rune < 0xd800 || rune > 0xdfff);
  return Buffer.from(String.fromCodePoint(valid ? rune : RUNE_ERROR), "utf8").toString("latin1");
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: it is about bytes
const NOT_ASCII = /[^\x00-\x7f]/;

const INVALID = (RUNE_ERROR << 3) | 1;

function decode(text: string, index: number): number {
  if (index >= text.length) return RUNE_ERROR << 3;
  const first = text.charCodeAt(index);
  if (first < 0x80) return (first << 3) | 1;
  const size = sequenceLength(first);
  if (size === 0 || index + size > text.length) return INVALID;
  let rune = first & (0x7f >> size);
  for (let at = index + 1; at < index + size; at++) {
    const next = text.charCodeAt(at);
    if ((next & 0xc0) !== 0x80) return INVALID;
    rune = (rune << 6) | (next & 0x3f);
  }
  return isCanonical(rune, size) ? (rune << 3) | size : INVALID;
}

function sequenceLength(first: number): number {
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

/** Neither overlong, nor a surrogate, nor above the last code point. */
function isCanonical(rune: number, size: number): boolean {
  if (size === 3) return rune >= 0x800 && (rune < 0xd800 || rune > 0xdfff);
  return size === 2 || (rune >= 0x10000 && rune <= MAX_RUNE);
}
