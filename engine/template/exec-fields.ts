/** Fields: keys of maps, fields and methods of structs, one after the other. */

import type { ChainNode, FieldNode, OperandNode, TemplateAstNode, VariableNode } from "./ast.ts";
import { didYouMean } from "./errors-nearest.ts";
import { compileArguments, compileValue } from "./exec-arguments.ts";
import { callMethod, type MethodCall, methodOf } from "./exec-methods.ts";
import { type BodyContext, withoutArguments } from "./exec-pipelines.ts";
import type { Evaluate, Run } from "./exec-run.ts";
import { quote } from "./fmt/quote.ts";
import { typeName } from "./fmt/type-names.ts";
import { GoMap, GoSlice, GoStruct, type GoValue } from "./go-value.ts";

/** `.a.b` */
export function compileField(
  body: BodyContext,
  node: FieldNode,
  args: readonly OperandNode[],
  hasFinal: boolean,
): Evaluate {
  const { dotContainer } = body.scope;
  const chain = compileNames(body, node, node.names, args, hasFinal);
  return (run, dot, final) => {
    run.node = node;
    return chain(run, dot, final, dot, dotContainer);
  };
}

/** `$x.a.b` */
export function compileVariable(
  body: BodyContext,
  node: VariableNode,
  args: readonly OperandNode[],
  hasFinal: boolean,
): Evaluate {
  const [name = "", ...names] = node.names;
  const variable = body.scope.find(name);
  if (variable === undefined) {
    return (run) => {
      run.node = node;
      return run.fail(`undefined variable: ${name}`);
    };
  }
  const { slot, container } = variable;
  if (names.length > 0) {
    const chain = compileNames(body, node, names, args, hasFinal);
    return (run, dot, final) => {
      run.node = node;
      return chain(run, dot, final, run.variables[slot], container);
    };
  }
  const refused = withoutArguments(node, args, hasFinal);
  return (run, dot, final) => {
    run.node = node;
    return refused === undefined ? run.variables[slot] : refused(run, dot, final);
  };
}

/** `(pipeline).a.b` and `function.a.b` */
export function compileChain(
  body: BodyContext,
  node: ChainNode,
  args: readonly OperandNode[],
  hasFinal: boolean,
): Evaluate {
  const start = compileValue(body, node.node);
  const chain = compileNames(body, node, node.names, args, hasFinal);
  return (run, dot, final) => {
    run.node = node;
    if (start === undefined) return run.fail("fields of a constant");
    run.node = node.node;
    return chain(run, dot, final, start(run, dot, undefined), undefined);
  };
}

type Chain = (run: Run, dot: GoValue, final: GoValue, receiver: GoValue, containerSlot: number | undefined) => GoValue;

function compileNames(
  body: BodyContext,
  node: TemplateAstNode,
  names: readonly string[],
  args: readonly OperandNode[],
  hasFinal: boolean,
): Chain {
  const last = names.length - 1;
  const call: MethodCall = { node, args: compileArguments(body, args), hasFinal };
  const hasArguments = args.length > 0 || hasFinal;
  const [only = ""] = names;
  if (names.length === 1 && !hasArguments) {
    return (run, dot, final, receiver, container) => {
      const value = receiver instanceof GoMap ? receiver.entries.get(only) : undefined;
      return value ?? fieldOf(run, dot, final, receiver, only, containerOf(run, container), call);
    };
  }
  const plain: MethodCall = { node, args: [], hasFinal: false };
  return (run, dot, final, receiver, slot) => {
    let value = receiver;
    let container = containerOf(run, slot);
    names.forEach((name, index) => {
      const before = value;
      value = fieldOf(run, dot, final, value, name, container, index === last ? call : plain);
      container = before;
    });
    return value;
  };
}

function containerOf(run: Run, slot: number | undefined): GoValue {
  return slot === undefined ? undefined : run.variables[slot];
}

/** One field of a value. `container` is what the value was taken from: it decides the type in errors. */
function fieldOf(
  run: Run,
  dot: GoValue,
  final: GoValue,
  receiver: GoValue,
  name: string,
  container: GoValue,
  call: MethodCall,
): GoValue {
  if (receiver === undefined) {
    return run.missingKeyIsError ? run.fail(`nil data; no entry for key ${quote(name)}`) : undefined;
  }
  if (receiver === null) return run.fail(`nil pointer evaluating interface {}.${name}`);
  const method = methodOf(receiver, name);
  if (method !== undefined) return callMethod(run, dot, final, method, name, call);
  const hasArguments = call.args.length > 0 || call.hasFinal;
  if (receiver instanceof GoMap) {
    if (hasArguments) run.fail(`${name} is not a method but has arguments`);
    const value = receiver.entries.get(name);
    return value === undefined && !receiver.entries.has(name) ? missingKey(run, receiver, name) : value;
  }
  if (receiver instanceof GoStruct && receiver.fields.has(name)) {
    if (/^[^A-Z]/.test(name)) run.fail(`${name} is an unexported field of struct type ${receiver.type}`);
    if (hasArguments) run.fail(`${name} has arguments but cannot be invoked as function`);
    return receiver.fields.get(name);
  }
  return run.fail(`can't evaluate field ${name} in type ${staticType(receiver, container)}`);
}

function missingKey(run: Run, map: GoMap, name: string): GoValue {
  if (!run.missingKeyIsError) return undefined;
  // Only the names of the data itself are offered: keys inside a value may be secret.
  const hint = map === run.data ? didYouMean(name, map.entries.keys()) : "";
  return run.fail(`map has no entry for key ${quote(name)}${hint}`);
}

/** Elements of `interface {}` have that type until a pipeline or an argument looks inside. */
function staticType(value: GoValue, container: GoValue): string {
  const isElement = container instanceof GoMap || container instanceof GoSlice;
  return isElement && container.element === "interface {}" ? "interface {}" : typeName(value);
}
