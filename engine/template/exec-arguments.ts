/** Arguments of functions and methods: evaluated, and fitted to the parameter's type. */

import type { OperandNode } from "./ast.ts";
import { compileChain, compileField, compileVariable } from "./exec-fields.ts";
import { compileFunction } from "./exec-functions.ts";
import { type BodyContext, compilePipeline } from "./exec-pipelines.ts";
import type { Evaluate, Run } from "./exec-run.ts";
import { constantAs, type EngineType, isConstant, nilAs, valueAs } from "./exec-types.ts";
import type { GoValue } from "./go-value.ts";

/** An argument that can be fitted to any type: a method's types are known only when it is called. */
export interface Argument {
  readonly node: OperandNode;
  /** Its value before it is fitted; constants and nil have none without a type. */
  readonly evaluate: Evaluate | undefined;
}

/** Compiles arguments in the scope of the place where they stand. */
export function compileArguments(body: BodyContext, nodes: readonly OperandNode[]): Argument[] {
  return nodes.map((node) => ({ node, evaluate: compileValue(body, node) }));
}

/** Evaluates an argument as a value of the type. */
export function argumentAs(run: Run, dot: GoValue, argument: Argument, type: EngineType): GoValue {
  run.node = argument.node;
  if (argument.evaluate !== undefined) return valueAs(run, type, argument.evaluate(run, dot, undefined));
  if (isConstant(argument.node)) return constantAs(run, type, argument.node);
  if (type === "reflect.Value") return undefined;
  const nil = nilAs(type);
  return nil === undefined ? run.fail(`cannot assign nil to ${type}`) : nil;
}

/** The same for a type that is known beforehand; constants that fit are made once. */
export function compileArgument(argument: Argument, type: EngineType): Evaluate {
  const { node, evaluate } = argument;
  if (evaluate === undefined) {
    if (type !== "string" || node.kind !== "string") return (run, dot) => argumentAs(run, dot, argument, type);
    const { value } = node;
    return (run) => {
      run.node = node;
      return value;
    };
  }
  if (type === "reflect.Value") {
    return (run, dot) => {
      run.node = node;
      return evaluate(run, dot, undefined);
    };
  }
  if (type === "interface {}") {
    return (run, dot) => {
      run.node = node;
      return evaluate(run, dot, undefined) ?? null;
    };
  }
  if (type === "string") {
    return (run, dot) => {
      run.node = node;
      const value = evaluate(run, dot, undefined);
      return typeof value === "string" ? value : valueAs(run, type, value);
    };
  }
  return (run, dot) => {
    run.node = node;
    return valueAs(run, type, evaluate(run, dot, undefined));
  };
}

/** What an operand that is neither constant nor nil evaluates to. */
export function compileValue(body: BodyContext, node: OperandNode): Evaluate | undefined {
  switch (node.kind) {
    case "dot":
      return (_run, dot) => dot;
    case "field":
      return compileField(body, node, [], false);
    case "variable":
      return compileVariable(body, node, [], false);
    case "chain":
      return compileChain(body, node, [], false);
    case "pipe":
      return compilePipeline(body, node);
    case "identifier":
      return compileFunction(body, node, node, [], false);
  }
  return undefined;
}
