/** Lists of text, actions and control structures. */

import type { ActionNode, BranchNode, ListNode, StatementNode, TemplateNode } from "./ast.ts";
import { nodeText } from "./ast-text.ts";
import { printable } from "./builtin-text.ts";
import { didYouMean } from "./errors-nearest.ts";
import { type BodyContext, compilePipeline } from "./exec-pipelines.ts";
import { compileRange } from "./exec-range.ts";
import type { Run } from "./exec-run.ts";
import { formatValue } from "./fmt/index.ts";
import { quote } from "./fmt/quote.ts";
import { typeName } from "./fmt/type-names.ts";
import { GoFunction, type GoValue } from "./go-value.ts";
import { isTrue } from "./truth.ts";

/** How a list was left: `break` ends the loop around it, `continue` this iteration; undefined: at its end. */
export type Jump = typeof LEAVE | typeof SKIP | undefined;

/** A `break` was met. */
export const LEAVE = "break";
/** A `continue` was met. */
export const SKIP = "continue";

/** Executes a part of a template. */
export type Execute = (run: Run, dot: GoValue) => Jump;

/** A template's body, compiled. */
export interface Body {
  execute: Execute;
  /** How many variables it has. */
  slots: number;
}

/** What statements need beyond pipelines: the other templates of the text. */
export interface StatementContext extends BodyContext {
  readonly bodies: ReadonlyMap<string, Body>;
}

/** Compiles a list; its variables stay visible until the structure around it ends. */
export function compileList(body: BodyContext, list: ListNode): Execute {
  const statements = list.nodes.map((node) => compileStatement(body, node));
  const [first, second] = statements;
  if (first === undefined) return () => undefined;
  if (second === undefined) return first;
  return (run, dot) => {
    for (const statement of statements) {
      const jump = statement(run, dot);
      if (jump !== undefined) return jump;
    }
    return undefined;
  };
}

function compileStatement(body: BodyContext, node: StatementNode): Execute {
  switch (node.kind) {
    case "text": {
      const { text } = node;
      return (run) => {
        run.node = node;
        run.step();
        run.write(text);
        return undefined;
      };
    }
    case "action":
      return compileAction(body, node);
    case "range":
      return compileRange(body, node);
    case "if":
    case "with":
      return compileBranch(body, node);
    case "template":
      return compileInvocation(body, node);
    default: {
      const { kind } = node;
      return () => kind;
    }
  }
}

function compileAction(body: BodyContext, node: ActionNode): Execute {
  const evaluate = compilePipeline(body, node.pipe);
  const isSilent = node.pipe.declarations.length > 0;
  return (run, dot) => {
    run.step();
    const value = evaluate(run, dot, undefined);
    if (isSilent) return undefined;
    run.node = node;
    if (typeof value === "string") run.write(value);
    else writeValue(run, node, value);
    return undefined;
  };
}

function writeValue(run: Run, node: ActionNode, value: GoValue): void {
  if (value instanceof GoFunction) run.fail(`can't print ${nodeText(node)} of type ${typeName(value)}`);
  const text = formatValue(printable(value));
  run.spend(text.length);
  run.write(text);
}

function compileBranch(body: BodyContext, node: BranchNode): Execute {
  const { scope } = body;
  const mark = scope.mark();
  const { dotContainer } = scope;
  const evaluate = compilePipeline(body, node.pipe);
  const afterPipe = scope.mark();
  const isWith = node.kind === "with";
  if (isWith) scope.dotContainer = undefined;
  const list = compileList(body, node.list);
  scope.release(afterPipe);
  scope.dotContainer = dotContainer;
  const elseList = node.elseList === undefined ? undefined : compileList(body, node.elseList);
  scope.release(mark);
  return (run, dot) => {
    run.step();
    run.node = node;
    const value = evaluate(run, dot, undefined);
    if (isTrue(value)) return list(run, isWith ? value : dot);
    return elseList?.(run, dot);
  };
}

/** `{{ template }}`: the other body gets the pipeline's value as `.` and `$`, and none of the variables here. */
function compileInvocation(body: BodyContext, node: TemplateNode): Execute {
  const { bodies } = body as StatementContext;
  const evaluate = node.pipe === undefined ? undefined : compilePipeline(body, node.pipe);
  return (run, dot) => {
    run.step();
    run.node = node;
    const target = bodies.get(node.name);
    if (target === undefined) {
      return run.fail(`template ${quote(node.name)} not defined${didYouMean(node.name, bodies.keys())}`);
    }
    run.enter();
    const inner = evaluate?.(run, dot, undefined);
    const { running, variables } = run;
    run.running = node.name;
    run.variables = new Array<GoValue>(target.slots).fill(undefined);
    run.variables[0] = inner;
    target.execute(run, inner);
    run.running = running;
    run.variables = variables;
    run.depth--;
    return undefined;
  };
}
