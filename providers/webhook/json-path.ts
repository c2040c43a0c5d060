/** JSONPath as ESO's webhooks use it: names, indices, wildcards, slices, descent and filters. */
import { JsonPathError } from "./json-path-error.ts";
import { matchesFilter } from "./json-path-filter.ts";
import { isObject, type Json } from "./json-text.ts";

/** What a path finds. */
export interface PathResult {
  readonly values: readonly Json[];
  /** Whether the path can find several: it has a wildcard, a slice, a descent or a filter. */
  readonly isPlural: boolean;
}

/** One step from values to values. */
type Step = { readonly isPlural: boolean; readonly take: (value: Json) => readonly Json[] };

const NAME = /^[^.[\]\s'"()]+/;
const QUOTED = /^(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\]/;
const INDEX = /^(-?\d+)\]/;
const SLICE = /^(-?\d*):(-?\d*)\]/;

/**
 * Evaluates `$.a['b'][0]..c[*][1:3][?(@.d == 'e')]`.
 * @throws JsonPathError where the path is none
 */
export function queryPath(path: string, root: Json): PathResult {
  const steps = parsePath(path);
  let values: readonly Json[] = [root];
  for (const { take } of steps) values = values.flatMap(take);
  return { values, isPlural: steps.some(({ isPlural }) => isPlural) };
}

function parsePath(path: string): readonly Step[] {
  let rest = path.trim();
  if (!rest.startsWith("$")) throw new JsonPathError("it does not begin with $");
  rest = rest.slice(1);
  const steps: Step[] = [];
  while (rest !== "") {
    const [found, length] = parseStep(rest, path.trim().length - rest.length);
    steps.push(...found);
    rest = rest.slice(length);
  }
  return steps;
}

function parseStep(rest: string, position: number): readonly [readonly Step[], number] {
  if (rest.startsWith("..")) {
    const after = rest.slice(2);
    if (after.startsWith("[")) return [[DESCENT], 2];
    const [steps, length] = dotted(after, position + 2);
    return [[DESCENT, ...steps], 2 + length];
  }
  if (rest.startsWith(".")) {
    const [steps, length] = dotted(rest.slice(1), position + 1);
    return [steps, 1 + length];
  }
  if (rest.startsWith("[")) {
    const [step, length] = bracketed(rest.slice(1), position + 1);
    return [[step], 1 + length];
  }
  throw new JsonPathError(`position ${position + 1} is neither a dot nor a bracket`);
}

function dotted(text: string, position: number): readonly [readonly Step[], number] {
  if (text.startsWith("*")) return [[WILDCARD], 1];
  const [name] = NAME.exec(text) ?? [];
  if (name === undefined) throw new JsonPathError(`there is no name at position ${position + 1}`);
  return [[member(name)], name.length];
}

function bracketed(text: string, position: number): readonly [Step, number] {
  if (text.startsWith("*]")) return [WILDCARD, 2];
  const quoted = QUOTED.exec(text);
  if (quoted !== null) return [member((quoted[1] ?? quoted[2] ?? "").replace(/\\(.)/g, "$1")), quoted[0].length];
  const index = INDEX.exec(text);
  if (index !== null) return [element(Number(index[1])), index[0].length];
  const slice = SLICE.exec(text);
  if (slice !== null) return [sliced(slice[1] ?? "", slice[2] ?? ""), slice[0].length];
  if (text.startsWith("?(")) {
    const end = text.indexOf(")]");
    if (end > 0) return [filtered(text.slice(2, end)), end + 2];
  }
  throw new JsonPathError(`the bracket at position ${position} holds no name, number, slice, * or filter`);
}

const WILDCARD: Step = { isPlural: true, take: childrenOf };
const DESCENT: Step = { isPlural: true, take: descendantsOf };

function childrenOf(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}

function descendantsOf(value: Json): readonly Json[] {
  return [value, ...childrenOf(value).flatMap(descendantsOf)];
}

function member(name: string): Step {
  return {
    isPlural: false,
    take(value) {
      const found = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
      return found === undefined ? [] : [found];
    },
  };
}

function element(index: number): Step {
  return {
    isPlural: false,
    take(value) {
      const found: Json | undefined = Array.isArray(value) ? value.at(index) : undefined;
      return found === undefined ? [] : [found];
    },
  };
}

function sliced(from: string, to: string): Step {
  const end = to === "" ? undefined : Number(to);
  return { isPlural: true, take: (value) => (Array.isArray(value) ? value.slice(Number(from), end) : []) };
}

function filtered(condition: string): Step {
  const test = (value: Json) => matchesFilter(condition, (path) => queryPath(`$${path}`, value).values[0]);
  // A condition that is none is told even where there is nothing to test.
  test(null);
  return { isPlural: true, take: (value) => childrenOf(value).filter(test) };
}
