/** Calls of methods and functions: the number of arguments, the call itself, and its errors. */

import type { OperandNode, TemplateAstNode } from "./ast.ts";
import { TemplateError } from "./errors.ts";
import { type Argument, argumentAs } from "./exec-arguments.ts";
import type { Run } from "./exec-run.ts";
import { type Callable, type EngineType, isConstant, valueAs } from "./exec-types.ts";
import { GoError, type GoFunction, GoNumber, GoStruct, type GoValue, TemplateLimitExceeded } from "./go-value.ts";

/** How a method is called, if the field turns out to be one. */
export interface MethodCall {
  readonly node: TemplateAstNode;
  readonly args: readonly Argument[];
  readonly hasFinal: boolean;
}

/** The method of that name; undefined for values without. */
export function methodOf(value: GoValue, name: string): GoFunction | undefined {
  if (!(value instanceof GoStruct || value instanceof GoNumber)) return undefined;
  return Object.hasOwn(value.methods, name) ? value.methods[name] : undefined;
}

/** Calls a method with arguments that are fitted to its parameters. */
export function callMethod(
  run: Run,
  dot: GoValue,
  final: GoValue,
  method: GoFunction,
  name: string,
  { node, args, hasFinal }: MethodCall,
): GoValue {
  const problem = argumentProblem(method, name, args.length, hasFinal);
  if (problem !== undefined) run.fail(problem);
  const values = args.map((argument, index) => argumentAs(run, dot, argument, typeOf(method, index)));
  if (hasFinal) values.push(valueAs(run, typeOf(method, args.length), final));
  return invoke(run, method, values, name, node, (index) => isLiteral(args[index]?.node));
}

/** The type of the argument at an index. */
export function typeOf(callable: Callable, index: number): EngineType {
  return callable.parameters[index] ?? callable.variadic ?? "interface {}";
}

/** Go's complaint about the number of arguments; undefined if it is right. `given` does not count the piped one. */
export function argumentProblem(
  callable: Callable,
  name: string,
  given: number,
  hasFinal: boolean,
): string | undefined {
  const count = given + (hasFinal ? 1 : 0);
  const wanted = callable.parameters.length;
  if (callable.variadic !== undefined) {
    return count < wanted ? `wrong number of args for ${name}: want at least ${wanted} got ${given}` : undefined;
  }
  return count === wanted ? undefined : `wrong number of args for ${name}: want ${wanted} got ${count}`;
}

/** Whether an argument is a constant, which an error may quote. */
export function isLiteral(node: OperandNode | undefined): boolean {
  return node !== undefined && isConstant(node);
}

/** Calls; an error of the function becomes one of the template at `node`. */
export function invoke(
  run: Run,
  callable: Callable,
  values: readonly GoValue[],
  name: string,
  node: TemplateAstNode,
  literal: (argument: number) => boolean,
): GoValue {
  run.step();
  try {
    return callable.call(values, run.context);
  } catch (error) {
    if (error instanceof TemplateLimitExceeded || error instanceof TemplateError || isStackOverflow(error)) throw error;
    run.node = node;
    const message = error instanceof GoError ? error.quoting(literal) : "it failed unexpectedly";
    return run.fail(`error calling ${name}: ${message}`, error instanceof GoError ? {} : { cause: error });
  }
}

/** Too deep a recursion, or a string longer than the JavaScript engine holds. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && /call stack|string length/i.test(error.message);
}
