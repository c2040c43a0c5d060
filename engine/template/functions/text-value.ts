/** Sprig's `strval` and `strslice`: any value as a text, any value as texts. */
import { formatValue } from "../fmt/index.ts";
import { GoSlice, type GoValue } from "../go-value.ts";
import { isNil, itemsOf } from "./define.ts";

/** A text or `[]byte` as it is, everything else as fmt's `%v` prints it. */
export function strval(value: GoValue): string {
  if (typeof value === "string") return value;
  if (value instanceof GoSlice && value.items instanceof Uint8Array) return Buffer.from(value.items).toString("latin1");
  return formatValue(value);
}

/** A slice's items as texts without the nil ones; nil is none; anything else is one text. */
export function strslice(value: GoValue): string[] {
  if (isNil(value)) return [];
  if (!(value instanceof GoSlice)) return [strval(value)];
  return itemsOf(value)
    .filter((item) => !isNil(item))
    .map(strval);
}
