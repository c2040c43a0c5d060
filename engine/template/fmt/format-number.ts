/** Floats and complex numbers as fmt's verbs write them: `strconv`'s text, then sign, `#` and padding. */

import type { ComplexParts } from "./complex.ts";
import { type FloatVerb, formatFloat } from "./format-float.ts";
import type { Layout } from "./layout.ts";

/** How `strconv` is asked for each verb, and with which precision if none is given. */
const FLOAT_VERBS = new Map<string, readonly [verb: FloatVerb, precision: number]>([
  ["v", ["g", -1]],
  ["b", ["b", -1]],
  ["g", ["g", -1]],
  ["G", ["G", -1]],
  ["x", ["x", -1]],
  ["X", ["X", -1]],
  ["f", ["f", 6]],
  ["F", ["f", 6]],
  ["e", ["e", 6]],
  ["E", ["E", 6]],
]);

/** The text of a float; undefined if the verb is none for floats. */
export function formatFloatVerb(value: number, bits: 32 | 64, verb: string, layout: Layout): string | undefined {
  const how = FLOAT_VERBS.get(verb);
  if (how === undefined) return undefined;
  const precision = layout.hasPrecision ? layout.precision : how[1];
  const text = formatFloat(value, how[0], precision, bits);
  let sign = text.startsWith("-") ? "-" : "+";
  let number = text.startsWith("-") || text.startsWith("+") ? text.slice(1) : text;
  if (layout.space && sign === "+" && !layout.plus) sign = " ";
  if (number === "Inf" || number === "NaN") {
    const showsSign = number === "Inf" || layout.plus || layout.space;
    return layout.pad(showsSign ? sign + number : number, false);
  }
  if (layout.sharp && how[0] !== "b") number = withPoint(number, how[0], precision);
  if (!layout.plus && sign === "+") return layout.pad(number);
  const missing = layout.width - number.length - 1;
  if (layout.zero && !layout.minus && layout.hasWidth && missing > 0) return sign + "0".repeat(missing) + number;
  return layout.pad(sign + number);
}

/** `(1+2i)`; undefined if the verb is none for complex numbers. */
export function formatComplexVerb(parts: ComplexParts, verb: string, layout: Layout): string | undefined {
  const real = formatFloatVerb(parts.real, 64, verb, layout);
  if (real === undefined) return undefined;
  const plus = layout.plus;
  layout.plus = true;
  const imaginary = formatFloatVerb(parts.imaginary, 64, verb, layout);
  layout.plus = plus;
  return `(${real}${imaginary}i)`;
}

/** What `#` does: a decimal point always, and for `g` and `x` the zeros that were dropped. */
function withPoint(number: string, verb: FloatVerb, precision: number): string {
  const isHexadecimal = verb === "x" || verb === "X";
  const tailAt = number.search(isHexadecimal ? /[pP]/ : /[eE]/);
  const tail = tailAt < 0 ? "" : number.slice(tailAt);
  let body = tailAt < 0 ? number : number.slice(0, tailAt);
  let missing = verb === "g" || verb === "G" || verb === "x" ? (precision === -1 ? 6 : precision) : 0;
  missing -= body.replace(".", "").replace(/^0+/, "").length;
  if (!body.includes(".")) {
    if (body === "0") missing--;
    body += ".";
  }
  return body + "0".repeat(Math.max(missing, 0)) + tail;
}
