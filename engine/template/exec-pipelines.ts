/** Pipelines: commands that hand their values on, and the variables that they declare. */

import type { CommandNode, OperandNode, PipeNode } from "./ast.ts";
import { nodeText } from "./ast-text.ts";
import { compileChain, compileField, compileVariable } from "./exec-fields.ts";
import { compileFunction } from "./exec-functions.ts";
import type { Evaluate, Run } from "./exec-run.ts";
import type { Scope } from "./exec-scope.ts";
import { type Callable, constantValue, isConstant } from "./exec-types.ts";
import type { GoValue } from "./go-value.ts";

/** What is known while a template's body is compiled. */
export interface BodyContext {
  readonly scope: Scope;
  /** The function of that name, which the parser has found to be there. */
  readonly functionOf: (name: string) => { readonly callable: Callable; readonly isBuiltin: boolean };
}

/** How the value of the stage before reaches a command. */
export type Final = "none" | "constant" | "value";

/** The value of a pipeline; an interface that holds nil becomes the zero value. Sets the variables that it declares. */
export function compilePipeline(body: BodyContext, pipe: PipeNode): Evaluate {
  const evaluate = compileCommands(body, pipe);
  if (pipe.declarations.length === 0) return evaluate;
  const stores = pipe.declarations.map((variable) => compileStore(body, pipe, variable.names[0] ?? ""));
  return (run, dot, final) => {
    const value = evaluate(run, dot, final);
    for (const store of stores) store(run, value);
    return value;
  };
}

/** Sets a variable: a new one, or with `=` the one that is visible. */
export function compileStore(body: BodyContext, pipe: PipeNode, name: string): (run: Run, value: GoValue) => void {
  const slot = pipe.isAssign ? body.scope.find(name)?.slot : body.scope.declare(name);
  if (slot === undefined) return (run) => run.fail(`undefined variable: ${name}`);
  return (run, value) => {
    run.variables[slot] = value;
  };
}

function compileCommands(body: BodyContext, pipe: PipeNode): Evaluate {
  const stages = pipe.commands.map((command, index) =>
    compileCommand(body, command, finalOf(pipe.commands[index - 1])),
  );
  const [first] = stages;
  if (first !== undefined && stages.length === 1) {
    return (run, dot) => {
      run.node = pipe;
      return first(run, dot, undefined) ?? undefined;
    };
  }
  return (run, dot) => {
    run.node = pipe;
    let value: GoValue;
    for (const stage of stages) value = stage(run, dot, value) ?? undefined;
    return value;
  };
}

function finalOf(before: CommandNode | undefined): Final {
  if (before === undefined) return "none";
  const [first] = before.args;
  return before.args.length === 1 && first !== undefined && isConstant(first) ? "constant" : "value";
}

function compileCommand(body: BodyContext, command: CommandNode, final: Final): Evaluate {
  const [first, ...args] = command.args;
  if (first === undefined) throw new Error("a command without operands");
  switch (first.kind) {
    case "field":
      return compileField(body, first, args, final !== "none");
    case "chain":
      return compileChain(body, first, args, final !== "none");
    case "variable":
      return compileVariable(body, first, args, final !== "none");
    case "identifier":
      return compileFunction(body, first, command, args, final);
    case "pipe":
      return withoutArguments(first, args, final !== "none") ?? compilePipeline(body, first);
  }
  const refused = withoutArguments(first, args, final !== "none");
  return (run, dot, value) => {
    run.node = first;
    if (refused !== undefined) return refused(run, dot, value);
    if (first.kind === "dot") return dot;
    return isConstant(first) ? constantValue(run, first) : run.fail("nil is not a command");
  };
}

/** What takes no arguments fails if it gets some; undefined if it gets none. */
export function withoutArguments(
  node: OperandNode,
  args: readonly OperandNode[],
  hasFinal: boolean,
): Evaluate | undefined {
  if (args.length === 0 && !hasFinal) return undefined;
  return (run) => run.fail(`can't give argument to non-function ${nodeText(node)}`);
}
