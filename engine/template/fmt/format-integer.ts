/** Integers as fmt's verbs write them. */

import type { Layout } from "./layout.ts";
import { isPrintable } from "./printable.ts";
import { quoteRune } from "./quote.ts";
import { encodeRune, MAX_RUNE, RUNE_ERROR } from "./utf8.ts";

/** The base of each verb that writes digits. */
const BASES = new Map([
  ["v", 10],
  ["d", 10],
  ["b", 2],
  ["o", 8],
  ["O", 8],
  ["x", 16],
  ["X", 16],
]);

/** The text of an integer; undefined if the verb is none for integers. */
export function formatInteger(value: bigint, verb: string, layout: Layout): string | undefined {
  const base = BASES.get(verb);
  if (base !== undefined) return digitsOf(value, base, verb, layout);
  const unsigned = BigInt.asUintN(64, value);
  const rune = unsigned > BigInt(MAX_RUNE) ? RUNE_ERROR : Number(unsigned);
  switch (verb) {
    case "c":
      return layout.pad(encodeRune(rune));
    case "q":
      return layout.pad(quoteRune(rune, layout.plus));
    case "U":
      return unicodeOf(unsigned, layout);
    default:
      return undefined;
  }
}

/** `0x…` as `%#v` writes unsigned integers and pointers. */
export function formatHexadecimal(value: bigint, layout: Layout, withPrefix = true): string {
  const sharp = layout.sharp;
  layout.sharp = withPrefix;
  const text = digitsOf(value, 16, "v", layout);
  layout.sharp = sharp;
  return text;
}

function digitsOf(value: bigint, base: number, verb: string, layout: Layout): string {
  const isNegative = value < 0n;
  let digits = (isNegative ? -value : value).toString(base);
  if (verb === "X") digits = digits.toUpperCase();
  if (layout.hasPrecision) {
    if (layout.precision === 0 && value === 0n) return " ".repeat(layout.hasWidth ? layout.width : 0);
    digits = digits.padStart(layout.precision, "0");
  } else if (layout.zero && !layout.minus && layout.hasWidth) {
    const sign = isNegative || layout.plus || layout.space ? 1 : 0;
    digits = digits.padStart(layout.width - sign, "0");
  }
  if (layout.sharp) digits = prefixed(digits, base, verb);
  if (verb === "O") digits = `0o${digits}`;
  if (isNegative) digits = `-${digits}`;
  else if (layout.plus) digits = `+${digits}`;
  else if (layout.space) digits = ` ${digits}`;
  return layout.pad(digits, false);
}

function prefixed(digits: string, base: number, verb: string): string {
  if (base === 2) return `0b${digits}`;
  if (base === 8) return digits.startsWith("0") ? digits : `0${digits}`;
  if (base === 16) return `${verb === "X" ? "0X" : "0x"}${digits}`;
  return digits;
}

/** `U+0078`, with `#` also the character. */
function unicodeOf(value: bigint, layout: Layout): string {
  const digits = value.toString(16).toUpperCase();
  const least = layout.hasPrecision && layout.precision > 4 ? layout.precision : 4;
  let text = `U+${digits.padStart(least, "0")}`;
  if (layout.sharp && value <= BigInt(MAX_RUNE) && isPrintable(Number(value))) {
    text += ` '${encodeRune(Number(value))}'`;
  }
  return layout.pad(text, false);
}
