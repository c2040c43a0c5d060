/** How functions of templates are declared, and how their checked arguments are taken. */
import {
  type CallContext,
  GoError,
  GoFunction,
  GoMap,
  GoNumber,
  GoSlice,
  type GoValue,
  type ParameterType,
} from "../go-value.ts";

/** What a function does with its arguments; the engine has checked their number and types. */
export type FunctionBody = (args: readonly GoValue[], context: CallContext) => GoValue;

/** Bytes of text, or items, that count as one step of work, where a function goes over its arguments. */
const BYTES_PER_STEP = 16;

/** Declares a function; `variadic` is the type of each further argument. The length of texts and lists is counted as work. */
export function define(
  name: string,
  parameters: readonly ParameterType[],
  body: FunctionBody,
  variadic?: ParameterType,
): GoFunction {
  const counted: FunctionBody = (args, context) => {
    let bytes = 0;
    for (const value of args) {
      if (typeof value === "string") bytes += value.length;
      else if (value instanceof GoSlice) bytes += value.items.length;
    }
    if (bytes >= BYTES_PER_STEP) context.spend(Math.floor(bytes / BYTES_PER_STEP));
    return body(args, context);
  };
  return new GoFunction(name, parameters, counted, variadic);
}

/** The same function under several names. */
export function defineAll(
  names: readonly string[],
  parameters: readonly ParameterType[],
  body: FunctionBody,
  variadic?: ParameterType,
): GoFunction[] {
  return names.map((name) => define(name, parameters, body, variadic));
}

/** Whether a value is Go's nil interface. */
export function isNil(value: GoValue): value is null | undefined {
  return value === null || value === undefined;
}

/** An argument whose parameter is a `string`. */
export function asString(value: GoValue): string {
  if (typeof value === "string") return value;
  throw mismatch("string");
}

/** An argument whose parameter is an `int`. */
export function asInt(value: GoValue): bigint {
  if (typeof value === "bigint") return value;
  throw mismatch("int");
}

/** An argument whose parameter is a `float64`. */
export function asFloat(value: GoValue): number {
  if (typeof value === "number") return value;
  throw mismatch("float64");
}

/** An argument whose parameter is a `bool`. */
export function asBool(value: GoValue): boolean {
  if (typeof value === "boolean") return value;
  throw mismatch("bool");
}

/** An argument whose parameter is a `map[string]interface {}`. */
export function asDict(value: GoValue): GoMap {
  if (value instanceof GoMap) return value;
  throw mismatch("map[string]interface {}");
}

/** A slice of `interface {}` values. */
export function listOf(items: readonly GoValue[]): GoSlice {
  return new GoSlice(items);
}

/** A `[]string`. */
export function stringsOf(items: readonly string[]): GoSlice {
  return new GoSlice(items, "string");
}

/** A slice's items as values; those of a `[]byte` are `uint8`. */
export function itemsOf(slice: GoSlice): readonly GoValue[] {
  return slice.items instanceof Uint8Array
    ? Array.from(slice.items, (byte) => new GoNumber("uint8", BigInt(byte)))
    : slice.items;
}

/** An ellipsis, as a Go string: what stands in a message for a value that is no literal of the template. */
export const LEFT_OUT = "\xe2\x80\xa6";

function mismatch(wanted: string): GoError {
  return new GoError(`wrong type for value; expected ${wanted}`);
}
