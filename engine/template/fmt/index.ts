/** Go's fmt package for the values of a template: all results are Go strings, one character per byte. */

import type { GoValue } from "../go-value.ts";
import { Printer } from "./printer.ts";

export { sprintf } from "./printf.ts";
export { quote } from "./quote.ts";
export { kindName, typeName } from "./type-names.ts";
export { decodeRune, encodeRune, runeCount } from "./utf8.ts";

/** `fmt.Sprint`: a space between two values if neither is a string. */
export function sprint(values: readonly GoValue[]): string {
  const [first] = values;
  if (values.length === 1 && first !== undefined) return formatValue(first);
  const printer = new Printer();
  let wasString = false;
  values.forEach((value, index) => {
    const isString = typeof value === "string";
    if (index > 0 && !isString && !wasString) printer.output += " ";
    printer.printArgument(value, "v");
    wasString = isString;
  });
  return printer.output;
}

/** `fmt.Sprintln`: always a space between values, and a line feed at the end. */
export function sprintln(values: readonly GoValue[]): string {
  return `${values.map(formatValue).join(" ")}\n`;
}

/** A value as `%v` prints it; `<nil>` for nil. (A template's own action prints the zero value as `<no value>`.) */
export function formatValue(value: GoValue): string {
  if (typeof value === "string") return value;
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "boolean") return value ? "true" : "false";
  const printer = new Printer();
  printer.printArgument(value, "v");
  return printer.output;
}
