/**
 * Go's `unicode` package: classes and simple (one to one) case mappings of runes. Go 1.26 knows Unicode 15; letters that are
 * newer have no case here either.
 */

/** `unicode.IsSpace`. */
export function isSpace(rune: number): boolean {
  if (rune < 0x80) return rune === 0x20 || (rune >= 9 && rune <= 13);
  return /\p{White_Space}/u.test(String.fromCodePoint(rune));
}

/** `unicode.IsUpper`. */
export function isUpper(rune: number): boolean {
  if (rune < 0x80) return rune >= 0x41 && rune <= 0x5a;
  return /\p{Lu}/u.test(String.fromCodePoint(rune)) && !hasNewerCase(rune);
}

/** `unicode.IsLower`. */
export function isLower(rune: number): boolean {
  if (rune < 0x80) return rune >= 0x61 && rune <= 0x7a;
  return /\p{Ll}/u.test(String.fromCodePoint(rune));
}

/** `unicode.IsTitle`. */
export function isTitle(rune: number): boolean {
  return rune >= 0x80 && /\p{Lt}/u.test(String.fromCodePoint(rune));
}

/** `unicode.IsLetter`. */
export function isLetter(rune: number): boolean {
  return /\p{L}/u.test(String.fromCodePoint(rune));
}

/** `unicode.IsDigit`. */
export function isDigit(rune: number): boolean {
  if (rune < 0x80) return rune >= 0x30 && rune <= 0x39;
  return /\p{Nd}/u.test(String.fromCodePoint(rune));
}

/** `unicode.IsNumber`. */
export function isNumber(rune: number): boolean {
  if (rune < 0x80) return rune >= 0x30 && rune <= 0x39;
  return /\p{N}/u.test(String.fromCodePoint(rune));
}

/** `unicode.IsPunct`. */
export function isPunct(rune: number): boolean {
  return /\p{P}/u.test(String.fromCodePoint(rune));
}

/** `unicode.ToUpper`. */
export function toUpper(rune: number): number {
  if (rune < 0x80) return rune >= 0x61 && rune <= 0x7a ? rune - 0x20 : rune;
  return GREEK_WITH_IOTA.get(rune) ?? onlyRune(String.fromCodePoint(rune).toUpperCase(), rune);
}

/** `unicode.ToLower`. */
export function toLower(rune: number): number {
  if (rune < 0x80) return rune >= 0x41 && rune <= 0x5a ? rune + 0x20 : rune;
  return rune === DOTTED_CAPITAL_I ? 0x69 : onlyRune(String.fromCodePoint(rune).toLowerCase(), rune);
}

/** `unicode.ToTitle`: as `toUpper`, but for the digraphs that have a title case and for Georgian letters, which stay. */
export function toTitle(rune: number): number {
  if (rune < 0x80) return toUpper(rune);
  if ((rune >= 0x1c4 && rune <= 0x1cc) || (rune >= 0x1f1 && rune <= 0x1f3)) return titleDigraph(rune);
  return (rune >= 0x10d0 && rune <= 0x10fa) || (rune >= 0x10fd && rune <= 0x10ff) ? rune : toUpper(rune);
}

const DOTTED_CAPITAL_I = 0x130;

/** The one rune of a case mapping; where the full mapping gives several, the simple one leaves the rune as it is. */
function onlyRune(mapped: string, rune: number): number {
  if (hasNewerCase(rune)) return rune;
  const first = mapped.codePointAt(0) ?? rune;
  return mapped.length === (first > 0xffff ? 2 : 1) ? first : rune;
}

/** First and last runes of the ranges whose case came after Unicode 15. */
const NEWER_CASE: readonly (readonly [number, number])[] = [
  [0x19b, 0x19b],
  [0x264, 0x264],
  [0x1c89, 0x1c8a],
  [0xa7cb, 0xa7cf],
  [0xa7d2, 0xa7d5],
  [0xa7da, 0xa7dc],
  [0x10d50, 0x10d85],
  [0x16ea0, 0x16ed3],
];

function hasNewerCase(rune: number): boolean {
  return NEWER_CASE.some(([first, last]) => rune >= first && rune <= last);
}

function titleDigraph(rune: number): number {
  if (rune >= 0x1f1) return 0x1f2;
  return rune <= 0x1c6 ? 0x1c5 : rune <= 0x1c9 ? 0x1c8 : 0x1cb;
}

/** Greek vowels with iota: their full capitals have two letters, their simple ones have one. */
const GREEK_WITH_IOTA: ReadonlyMap<number, number> = new Map([
  ...[0x1f80, 0x1f90, 0x1fa0].flatMap((start) =>
    Array.from({ length: 8 }, (_, offset): [number, number] => [start + offset, start + offset + 8]),
  ),
  [0x1fb3, 0x1fbc],
  [0x1fc3, 0x1fcc],
  [0x1ff3, 0x1ffc],
]);
