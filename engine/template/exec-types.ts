/** Which values and constants fit a function's parameter, with Go's errors for those that do not. */

import type { BoolNode, NumberNode, OperandNode, StringNode } from "./ast.ts";
import { nodeText } from "./ast-text.ts";
import type { Run } from "./exec-run.ts";
import { complexValue } from "./fmt/complex.ts";
import { typeName } from "./fmt/type-names.ts";
import {
  type CallContext,
  GoMap,
  GoNumber,
  GoSlice,
  GoStruct,
  type GoValue,
  nilItems,
  type ParameterType,
} from "./go-value.ts";

/** The types that built-in functions also have: a value as it is, nil or not. */
export type EngineType = ParameterType | "reflect.Value";

/** What a template can call: a built-in function, one of the function map, or a method. */
export interface Callable {
  readonly name: string;
  readonly parameters: readonly EngineType[];
  /** The type of each further argument; undefined: there may be none. */
  readonly variadic: EngineType | undefined;
  call(args: readonly GoValue[], context: CallContext): GoValue;
}

/** A constant of a template. */
export type ConstantNode = BoolNode | NumberNode | StringNode;

/** Whether an operand is a constant: then errors may show it. */
export function isConstant(node: OperandNode): node is ConstantNode {
  return node.kind === "bool" || node.kind === "number" || node.kind === "string";
}

/** A value as an argument of that type. Fails at the part at hand if Go could not assign it. */
export function valueAs(run: Run, type: EngineType, value: GoValue): GoValue {
  if (type === "reflect.Value") return value;
  if (type === "interface {}") return value === undefined ? null : value;
  if (value === undefined) return nilAs(type) ?? run.fail(`invalid value; expected ${type}`);
  if (value !== null && isAssignable(type, value)) return value;
  return run.fail(`wrong type for value; expected ${type}; got ${value === null ? "interface {}" : typeName(value)}`);
}

/** Whether Go's reflection would assign a value that is not nil to the type, after following one pointer. */
export function isAssignable(type: EngineType, value: GoValue): boolean {
  switch (type) {
    case "reflect.Value":
    case "interface {}":
      return true;
    case "string":
      return typeof value === "string";
    case "bool":
      return typeof value === "boolean";
    case "int":
      return typeof value === "bigint";
    case "float64":
      return typeof value === "number";
    case "sprig.HashAlgorithm":
      return false;
    case "error":
      return value instanceof GoStruct && Object.hasOwn(value.methods, "Error");
  }
  const name = typeName(value);
  return name === type || name === `*${type}`;
}

/** What a nil of the type is; undefined if the type has none. */
export function nilAs(type: EngineType): GoValue | undefined {
  if (type.startsWith("[]")) return new GoSlice(nilItems, type.slice(2));
  if (type.startsWith("map[")) return new GoMap(new Map(), type.slice("map[string]".length));
  return type === "interface {}" || type === "error" || type.startsWith("*") ? null : undefined;
}

/** A constant as an argument of that type. Fails at the part at hand if the constant cannot be of it. */
export function constantAs(run: Run, type: EngineType, node: ConstantNode): GoValue {
  switch (type) {
    case "reflect.Value":
    case "interface {}":
      return constantValue(run, node);
    case "string":
    case "sprig.HashAlgorithm":
      return node.kind === "string" ? node.value : run.fail(`expected string; found ${nodeText(node)}`);
    case "bool":
      return node.kind === "bool" ? node.value : run.fail(`expected bool; found ${nodeText(node)}`);
    case "float64":
      return (node.kind === "number" ? node.float : undefined) ?? run.fail(`expected float; found ${nodeText(node)}`);
    case "int":
      return integerOf(node) ?? run.fail(`expected integer; found ${nodeText(node)}`);
    case "int64":
    case "time.Duration":
      return new GoNumber("int64", integerOf(node) ?? run.fail(`expected integer; found ${nodeText(node)}`), type);
    case "uint32":
      return new GoNumber("uint32", unsignedOf(node) ?? run.fail(`expected unsigned integer; found ${nodeText(node)}`));
  }
  return run.fail(`can't handle ${nodeText(node)} for arg of type ${type}`);
}

/** A constant whose type only its own syntax decides. */
export function constantValue(run: Run, node: ConstantNode): GoValue {
  if (node.kind !== "number") return node.value;
  if (node.complex !== undefined) return complexValue(node.complex.real, node.complex.imaginary);
  if (node.float !== undefined && isFloatSyntax(node.text)) return node.float;
  return node.int ?? run.fail(`${node.text} overflows int`);
}

function isFloatSyntax(text: string): boolean {
  const isHexadecimalInteger = /^0[xX]./.test(text) && !/[pP]/.test(text);
  return !isHexadecimalInteger && !text.startsWith("'") && /[.eEpP]/.test(text);
}

function integerOf(node: ConstantNode): bigint | undefined {
  return node.kind === "number" ? node.int : undefined;
}

function unsignedOf(node: ConstantNode): bigint | undefined {
  const value = node.kind === "number" ? node.uint : undefined;
  return value === undefined ? undefined : BigInt.asUintN(32, value);
}
