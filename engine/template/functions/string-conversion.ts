/** Sprig's functions between values and texts: quoting, joining, splitting, sorting. */
import { formatValue, quote } from "../fmt/index.ts";
import { type GoFunction, GoMap, GoSlice, type GoValue } from "../go-value.ts";
import { asInt, asString, define, isNil, itemsOf, stringsOf } from "./define.ts";
import { encodedRunes } from "./runes.ts";
import { strslice, strval } from "./text-value.ts";

/** The functions by their names in sprig. */
export function stringConversionFunctions(): GoFunction[] {
  return [
    define("toString", ["interface {}"], ([value]) => strval(value)),
    define("toStrings", ["interface {}"], ([value]) => toStrings(value)),
    define("quote", [], (args) => spaced(args, (value) => quote(strval(value))), "interface {}"),
    define("squote", [], (args) => spaced(args, (value) => `'${formatValue(value)}'`), "interface {}"),
    define("cat", [], (args) => spaced(args, formatValue), "interface {}"),
    define("join", ["string", "interface {}"], ([separator, value]) => strslice(value).join(asString(separator))),
    define("split", ["string", "string"], ([separator, text]) => numbered(split(asString(text), asString(separator)))),
    define("splitn", ["string", "int", "string"], ([separator, count, text]) =>
      numbered(split(asString(text), asString(separator), asInt(count))),
    ),
    define("splitList", ["string", "string"], ([separator, text]) =>
      stringsOf(split(asString(text), asString(separator))),
    ),
    define("sortAlpha", ["interface {}"], ([value]) => sortAlpha(value)),
  ];
}

function spaced(values: readonly GoValue[], print: (value: GoValue) => string): string {
  return values
    .filter((value) => !isNil(value))
    .map(print)
    .join(" ");
}

function toStrings(value: GoValue): GoSlice {
  return value instanceof GoSlice && value.element === "string" ? value : stringsOf(strslice(value));
}

/** `strings.SplitN`: at most `count` parts, all if it is negative; an empty separator splits between runes. */
export function split(text: string, separator: string, count = -1n): string[] {
  if (count === 0n) return [];
  const parts = separator === "" ? encodedRunes(text) : text.split(separator);
  if (count < 0n || BigInt(parts.length) <= count) return parts;
  const most = Number(count);
  return [...parts.slice(0, most - 1), parts.slice(most - 1).join(separator)];
}

/** The parts under `_0`, `_1`, …. */
function numbered(parts: readonly string[]): GoMap {
  return new GoMap(new Map(parts.map((part, index) => [`_${index}`, part])), "string");
}

/** Sorted by bytes. A `[]string` is sorted in place, as in sprig. */
function sortAlpha(value: GoValue): GoSlice {
  if (!(value instanceof GoSlice)) return stringsOf([strval(value)]);
  if (value.element !== "string") return stringsOf(strslice(value).sort(byBytes));
  const sorted = itemsOf(value).map(strval).sort(byBytes);
  const items = value.items as GoValue[];
  for (const [index, item] of sorted.entries()) items[index] = item;
  return value;
}

function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
