/** Go's comparisons of template values: basic kinds by value, integers regardless of sign, nothing else ordered. */

import { complexParts } from "./fmt/complex.ts";
import { textByMethod } from "./fmt/printer.ts";
import { typeName } from "./fmt/type-names.ts";
import { GoError, GoFunction, GoMap, GoNumber, GoSlice, GoStruct, type GoValue, nilItems } from "./go-value.ts";

type BasicKind = "bool" | "complex" | "int" | "uint" | "float" | "string";

/**
 * Whether two values are equal.
 *
 * @throws GoError for types that Go does not compare
 */
export function isEqual(a: GoValue, b: GoValue): boolean {
  const kind = basicKind(a);
  const other = basicKind(b);
  if (kind === undefined && other === undefined) return areOthersEqual(a, b);
  if (isIntegerKind(kind) && isIntegerKind(other)) return numeric(a) === numeric(b);
  if (kind !== other) {
    if (isNil(a) || isNil(b)) return false;
    throw incompatible(a, b);
  }
  if (kind === "float") return numeric(a) === numeric(b);
  if (kind === "complex") {
    const left = complexParts(a);
    const right = complexParts(b);
    return left?.real === right?.real && left?.imaginary === right?.imaginary;
  }
  return a === b;
}

/**
 * Whether the first of two numbers or strings is smaller.
 *
 * @throws GoError for types that Go does not order
 */
export function isLess(a: GoValue, b: GoValue): boolean {
  const kind = basicKind(a);
  const other = basicKind(b);
  if (kind === undefined || other === undefined) throw new GoError("invalid type for comparison");
  if (isIntegerKind(kind) && isIntegerKind(other)) return numeric(a) < numeric(b);
  if (kind !== other) throw incompatible(a, b);
  if (kind === "float") return numeric(a) < numeric(b);
  if (typeof a === "string" && typeof b === "string") return a < b;
  throw new GoError("invalid type for comparison");
}

function basicKind(value: GoValue): BasicKind | undefined {
  switch (typeof value) {
    case "boolean":
      return "bool";
    case "string":
      return "string";
    case "bigint":
      return "int";
    case "number":
      return "float";
  }
  if (value instanceof GoNumber) {
    if (value.kind === "float32") return "float";
    return value.kind.startsWith("u") ? "uint" : "int";
  }
  return complexParts(value) === undefined ? undefined : "complex";
}

function isIntegerKind(kind: BasicKind | undefined): boolean {
  return kind === "int" || kind === "uint";
}

function numeric(value: GoValue): bigint | number {
  if (typeof value === "bigint" || typeof value === "number") return value;
  return value instanceof GoNumber ? value.value : Number.NaN;
}

function isNil(value: GoValue): boolean {
  return value === undefined || value === null;
}

function isNilOrNilSlice(value: GoValue): boolean {
  return isNil(value) || (value instanceof GoSlice && value.items === nilItems);
}

function incompatible(a: GoValue, b: GoValue): GoError {
  return new GoError(`incompatible types for comparison: ${typeName(a)} and ${typeName(b)}`);
}

/** Nil is only equal to nil, that of a slice included; lists, maps and functions are not comparable with one another. */
function areOthersEqual(a: GoValue, b: GoValue): boolean {
  if (!isNil(a) && !isNil(b) && shapeOf(a) !== shapeOf(b)) {
    throw new GoError(`non-comparable types ${typeName(a)}, ${typeName(b)}`);
  }
  if (isNilOrNilSlice(a) || isNilOrNilSlice(b)) return isNilOrNilSlice(a) && isNilOrNilSlice(b);
  if (!(a instanceof GoStruct && b instanceof GoStruct)) throw new GoError(`non-comparable type ${typeName(b)}`);
  if (a === b) return true;
  if (a.type !== b.type || a.type.startsWith("*")) return false;
  return textByMethod(a) === textByMethod(b) && haveEqualFields(a, b);
}

function shapeOf(value: GoValue): string {
  if (value instanceof GoMap) return "map";
  if (value instanceof GoSlice) return "slice";
  if (value instanceof GoFunction) return "func";
  return value instanceof GoStruct && value.type.startsWith("*") ? "ptr" : "struct";
}

function haveEqualFields(a: GoStruct, b: GoStruct): boolean {
  return [...a.fields].every(([name, value]) => isEqual(value, b.fields.get(name)));
}
