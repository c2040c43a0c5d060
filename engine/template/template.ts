/** Compiles a template's text once, to be executed with any data. */

import type { ListNode } from "./ast.ts";
import { builtins } from "./builtin.ts";
import type { TemplateSource } from "./errors.ts";
import { isStackOverflow } from "./exec-methods.ts";
import { type MissingKey, Run, type Surroundings } from "./exec-run.ts";
import { Scope } from "./exec-scope.ts";
import { type Body, compileList, type StatementContext } from "./exec-statements.ts";
import type { Callable } from "./exec-types.ts";
import { type FunctionMap, type GoValue, goString, TemplateLimitExceeded } from "./go-value.ts";
import { DEFAULT_LIMITS, type TemplateLimits } from "./limits.ts";
import { parseTemplate } from "./parse.ts";
import type { KnownFunctions } from "./parse-pipelines.ts";

/** How a template is read. */
export interface CompileOptions {
  /** Default: `{{`. */
  readonly leftDelimiter?: string;
  /** Default: `}}`. */
  readonly rightDelimiter?: string;
  /** Functions beside the built-in ones, which they may replace. Default: none. */
  readonly functions?: FunctionMap;
}

/** How a template is executed. */
export interface ExecuteOptions {
  /** Whether a key that a map does not have is an error, or prints as `<no value>`. Default: `default`, as in Go. */
  readonly missingKey?: MissingKey;
  /** Default: `DEFAULT_LIMITS`; given fields replace its. */
  readonly limits?: Partial<TemplateLimits>;
  /** The clock, also for the time limit, and the randomness. */
  readonly context: Surroundings;
}

/** A template that is ready to be executed. Holds no state: executions do not see one another. */
export interface Template {
  /**
   * Renders the template; nothing of the data is changed but by functions that change what they are given.
   *
   * @throws TemplateError as Go would fail, without any value of the data
   * @throws TemplateLimitExceeded
   */
  execute(data: GoValue, options: ExecuteOptions): Uint8Array;
}

/**
 * Parses and compiles a template.
 *
 * @param name for errors: the key or file that the text comes from
 * @throws TemplateError with Go's message if the text is not valid
 * @throws TemplateLimitExceeded if it is nested too deeply
 */
export function compileTemplate(name: string, text: Uint8Array, options: CompileOptions = {}): Template {
  const source: TemplateSource = { name, text: goString(text) };
  const functions = options.functions ?? new Map();
  const bodies = withoutOverflow(name, () => compileBodies(source, functions, options));
  const running = goString(name);
  return {
    execute(data, { missingKey = "default", limits, context }) {
      return withoutOverflow(name, () => {
        const allLimits = { ...DEFAULT_LIMITS, ...limits };
        const run = new Run({ source, running, data, missingKey, limits: allLimits, surroundings: context });
        const root = bodies.get(running);
        run.variables = [data];
        root?.execute(run, data);
        return run.bytes();
      });
    },
  };
}

function compileBodies(
  source: TemplateSource,
  functions: FunctionMap,
  options: CompileOptions,
): ReadonlyMap<string, Body> {
  const trees = parseTemplate(source, goString(source.name), {
    leftDelimiter: options.leftDelimiter || "{{",
    rightDelimiter: options.rightDelimiter || "}}",
    functions: knownFunctions(functions),
  });
  const bodies = new Map<string, Body>();
  for (const [name, tree] of trees) bodies.set(name, compileBody(tree, functions, bodies));
  return bodies;
}

function compileBody(tree: ListNode, functions: FunctionMap, bodies: ReadonlyMap<string, Body>): Body {
  const scope = new Scope();
  const context: StatementContext = { scope, bodies, functionOf: (name) => functionOf(functions, name) };
  const execute = compileList(context, tree);
  return { execute, slots: scope.slots };
}

function functionOf(functions: FunctionMap, name: string): { callable: Callable; isBuiltin: boolean } {
  const own = functions.get(name);
  if (own !== undefined) return { callable: own, isBuiltin: false };
  const callable = builtins.get(name);
  if (callable === undefined) throw new Error(`no function ${name}`);
  return { callable, isBuiltin: true };
}

function knownFunctions(functions: FunctionMap): KnownFunctions {
  return {
    has: (name) => functions.has(name) || builtins.has(name),
    keys: () => [...functions.keys(), ...builtins.keys()],
  };
}

/** Turns the JavaScript engine's own limits into the template's. */
function withoutOverflow<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!isStackOverflow(error)) throw error;
    throw new TemplateLimitExceeded(`template: ${name}: too deeply nested, or too long a string`, { cause: error });
  }
}
