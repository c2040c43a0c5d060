/** Calls of functions: what is known beforehand is checked once, when the template is compiled. */

import type { IdentifierNode, OperandNode, TemplateAstNode } from "./ast.ts";
import { nodeText } from "./ast-text.ts";
import { type Argument, compileArgument, compileArguments } from "./exec-arguments.ts";
import { argumentProblem, invoke, isLiteral, typeOf } from "./exec-methods.ts";
import type { BodyContext, Final } from "./exec-pipelines.ts";
import type { Evaluate } from "./exec-run.ts";
import { valueAs } from "./exec-types.ts";
import type { GoValue } from "./go-value.ts";
import { isTrue } from "./truth.ts";

/**
 * A function with its arguments.
 *
 * @param command what an error of the function points at
 */
export function compileFunction(
  body: BodyContext,
  node: IdentifierNode,
  command: TemplateAstNode,
  nodes: readonly OperandNode[],
  final: Final | false,
): Evaluate {
  const { callable, isBuiltin } = body.functionOf(node.name);
  const hasFinal = final === "constant" || final === "value";
  const args = compileArguments(body, nodes);
  const problem = argumentProblem(callable, node.name, args.length, hasFinal);
  if (problem !== undefined) {
    return (run) => {
      run.node = node;
      return run.fail(problem);
    };
  }
  if (isBuiltin && (node.name === "and" || node.name === "or")) return compileLogic(node, args, hasFinal);
  const evaluators = args.map((argument, index) => compileArgument(argument, typeOf(callable, index)));
  const count = evaluators.length;
  const finalType = typeOf(callable, count);
  const callee = isBuiltin && node.name === "call" ? calleeName(nodes) : undefined;
  // `call` hands on to a function that counts its arguments differently.
  const literal = (index: number) => {
    return callee === undefined && (index < count ? isLiteral(nodes[index]) : final === "constant");
  };
  return (run, dot, value) => {
    run.node = node;
    const values: GoValue[] = callee === undefined ? [] : [callee];
    for (const evaluate of evaluators) values.push(evaluate(run, dot, undefined));
    if (hasFinal) values.push(valueAs(run, finalType, value));
    return invoke(run, callable, values, node.name, command, literal);
  };
}

/** `and` and `or` evaluate only as many arguments as decide, and give the last one that they evaluated. */
function compileLogic(node: IdentifierNode, args: readonly Argument[], hasFinal: boolean): Evaluate {
  const evaluators = args.map((argument) => compileArgument(argument, "reflect.Value"));
  const decides = node.name === "or";
  return (run, dot, final) => {
    run.node = node;
    let value: GoValue;
    for (const evaluate of evaluators) {
      value = evaluate(run, dot, undefined);
      if (isTrue(value) === decides) return value;
    }
    return hasFinal ? final : value;
  };
}

/** What `call` names in its errors. */
function calleeName(nodes: readonly OperandNode[]): string {
  const [first] = nodes;
  return first === undefined ? "the piped value" : nodeText(first);
}
