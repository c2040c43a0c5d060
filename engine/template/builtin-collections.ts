/** Built-in functions for collections and calls: index, slice, len, call. */

import { type Callable, type EngineType, isAssignable, nilAs } from "./exec-types.ts";
import { kindName, typeName } from "./fmt/type-names.ts";
import { type CallContext, GoError, GoFunction, GoMap, GoNumber, GoSlice, type GoValue } from "./go-value.ts";

const ANY: EngineType = "reflect.Value";

/** The built-in functions for collections and calls. */
export const collectionBuiltins: readonly Callable[] = [
  { name: "index", parameters: [ANY], variadic: ANY, call: ([item, ...indexes]) => indexed(item, indexes) },
  { name: "slice", parameters: [ANY], variadic: ANY, call: ([item, ...indexes]) => sliced(item, indexes) },
  { name: "len", parameters: [ANY], variadic: undefined, call: ([item]) => lengthOf(item) },
  { name: "call", parameters: [ANY], variadic: ANY, call: callValue },
];

function indexed(item: GoValue, indexes: readonly GoValue[]): GoValue {
  if (item === undefined || item === null) throw new GoError("index of untyped nil");
  return indexes.reduce((value, index, at) => elementAt(value, index, at + 1), item);
}

function elementAt(item: GoValue, index: GoValue, argument: number): GoValue {
  if (item === undefined || item === null) throw new GoError("index of nil pointer");
  if (item instanceof GoMap) return entryAt(item, index);
  if (typeof item === "string") {
    const at = indexWithin(index, item.length, argument);
    if (at === item.length) throw new GoError("reflect: string index out of range");
    return new GoNumber("uint8", BigInt(item.charCodeAt(at)));
  }
  if (!(item instanceof GoSlice)) throw new GoError(`can't index item of type ${pointedType(item)}`);
  const at = indexWithin(index, item.items.length, argument);
  if (at === item.items.length) throw new GoError("reflect: slice index out of range");
  if (item.items instanceof Uint8Array) return new GoNumber("uint8", BigInt(item.items[at] ?? 0));
  return item.items[at];
}

function entryAt({ entries, element }: GoMap, key: GoValue): GoValue {
  if (key === undefined || key === null) throw new GoError("value is nil; should be of type string");
  if (typeof key !== "string") throw new GoError(`value has type ${typeName(key)}; should be string`);
  return entries.has(key) ? entries.get(key) : zeroOf(element);
}

/** The zero value of an element's type. */
function zeroOf(type: string): GoValue {
  switch (type) {
    case "string":
      return "";
    case "bool":
      return false;
    case "int":
      return 0n;
    case "float64":
      return 0;
  }
  return nilAs(type as EngineType) ?? null;
}

function indexWithin(index: GoValue, capacity: number, argument: number): number {
  const value = index instanceof GoNumber ? index.value : index;
  if (value === undefined || value === null) throw new GoError("cannot index slice/array with nil");
  if (typeof value !== "bigint") throw new GoError(`cannot index slice/array with type ${typeName(index)}`);
  if (value < 0n || value > BigInt(capacity)) {
    throw new GoError((isLiteral) => `index out of range${isLiteral(argument) ? `: ${value}` : ""}`);
  }
  return Number(value);
}

function sliced(item: GoValue, indexes: readonly GoValue[]): GoValue {
  if (item === undefined || item === null) throw new GoError("slice of untyped nil");
  if (indexes.length > 3) throw new GoError(`too many slice indexes: ${indexes.length}`);
  if (typeof item === "string" && indexes.length === 3) throw new GoError("cannot 3-index slice a string");
  if (typeof item !== "string" && !(item instanceof GoSlice)) {
    throw new GoError(`can't slice item of type ${pointedType(item)}`);
  }
  const { length } = typeof item === "string" ? item : item.items;
  const given = indexes.map((index, at) => indexWithin(index, length, at + 1));
  const [from = 0, to = length, capacity = length] = given;
  if (from > to) throw badOrder(from, to, 1);
  if (to > capacity) throw badOrder(to, capacity, 2);
  if (typeof item === "string") return item.slice(from, to);
  const { items, element } = item;
  return new GoSlice(items instanceof Uint8Array ? items.subarray(from, to) : items.slice(from, to), element);
}

function badOrder(from: number, to: number, argument: number): GoError {
  return new GoError((isLiteral) => {
    const shows = isLiteral(argument) && isLiteral(argument + 1);
    return `invalid slice index${shows ? `: ${from} > ${to}` : ""}`;
  });
}

function lengthOf(item: GoValue): bigint {
  if (typeof item === "string") return BigInt(item.length);
  if (item instanceof GoSlice) return BigInt(item.items.length);
  if (item instanceof GoMap) return BigInt(item.entries.size);
  if (item === null) throw new GoError("len of nil pointer");
  if (item === undefined) throw new GoError("reflect: call of reflect.Value.Type on zero Value");
  throw new GoError(`len of type ${pointedType(item)}`);
}

/** The type after pointers are followed. */
function pointedType(value: GoValue): string {
  return typeName(value).replace(/^\*/, "");
}

/** `call`: the engine puts the callee's text in front of the arguments. */
function callValue([text, callee, ...values]: readonly GoValue[], context: CallContext): GoValue {
  const name = typeof text === "string" ? text : "";
  if (callee === undefined || callee === null) throw new GoError("call of nil");
  if (!(callee instanceof GoFunction)) throw new GoError(`non-function ${name} of type ${typeName(callee)}`);
  const wanted = callee.parameters.length;
  const isRight = callee.variadic === undefined ? values.length === wanted : values.length >= wanted;
  if (!isRight) {
    const least = callee.variadic === undefined ? "" : "at least ";
    throw new GoError(`wrong number of args for ${name}: got ${values.length} want ${least}${wanted}`);
  }
  const args = values.map((value, index) => prepared(value, callee, index));
  return callee.call(args, context);
}

function prepared(value: GoValue, callee: GoFunction, index: number): GoValue {
  const type = callee.parameters[index] ?? callee.variadic ?? "interface {}";
  if (kindName(value) === "invalid") {
    const nil = nilAs(type);
    if (nil === undefined) throw new GoError(`arg ${index}: value is nil; should be of type ${type}`);
    return nil;
  }
  if (isAssignable(type, value)) return value;
  throw new GoError(`arg ${index}: value has type ${typeName(value)}; should be ${type}`);
}
