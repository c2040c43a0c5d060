/** The part of kubectl's JSONPath that `pulumi.com/waitFor` is used with: fields, indexes, `*`, and equality filters. */
import { isList, isProperties, type Value } from "./property-values.ts";

type Step =
  | { readonly field: string }
  | { readonly index: number }
  | { readonly every: true }
  | { readonly where: readonly Step[]; readonly equals: string; readonly negated: boolean };

const TOKENS: readonly (readonly [RegExp, (match: RegExpExecArray) => Step])[] = [
  [/^\.?\[\s*\*\s*\]/, () => ({ every: true })],
  [/^\.?\[\s*(-?\d+)\s*\]/, (match) => ({ index: Number(match[1]) })],
  [/^\.?\[\s*(?:'([^']*)'|"([^"]*)")\s*\]/, (match) => ({ field: match[1] ?? match[2] ?? "" })],
  [
    /^\.?\[\?\s*\(?\s*@((?:\.[\w-]+)+)\s*(==|!=)\s*(?:'([^']*)'|"([^"]*)"|([\w.-]+))\s*\)?\s*\]/,
    (match) => ({
      where: parseSteps(match[1] ?? ""),
      equals: match[3] ?? match[4] ?? match[5] ?? "",
      negated: match[2] === "!=",
    }),
  ],
  [/^\.\*/, () => ({ every: true })],
  [/^\.((?:[\w/-]|\\.)+)/, (match) => ({ field: (match[1] ?? "").replaceAll(/\\(.)/g, "$1") })],
];

/** A parsed `{.status.phase}` or `.status.phase`. */
export interface JsonPath {
  /** All values that the path finds. */
  find(value: Value): Value[];
}

/** @throws for what it does not know. */
export function parseJsonPath(text: string): JsonPath {
  const inner = text
    .trim()
    .replace(/^\{\s*(.*?)\s*\}$/, "$1")
    .replace(/^\$/, "");
  const steps = parseSteps(inner.startsWith(".") || inner.startsWith("[") ? inner : `.${inner}`);
  return { find: (value) => follow(value, steps) };
}

function parseSteps(text: string): Step[] {
  const steps: Step[] = [];
  let rest = text;
  while (rest !== "") {
    const step = nextStep(rest);
    if (step === undefined)
      throw new Error(`The JSONPath ${JSON.stringify(text)} is not understood at ${JSON.stringify(rest)}`);
    steps.push(step.step);
    rest = rest.slice(step.length);
  }
  return steps;
}

function nextStep(text: string): { step: Step; length: number } | undefined {
  for (const [pattern, toStep] of TOKENS) {
    const match = pattern.exec(text);
    if (match !== null) return { step: toStep(match), length: match[0].length };
  }
  return undefined;
}

function follow(value: Value, steps: readonly Step[]): Value[] {
  let found: Value[] = [value];
  for (const step of steps) found = found.flatMap((item) => follow1(item, step));
  return found;
}

function follow1(value: Value, step: Step): Value[] {
  if ("field" in step) {
    const child = isProperties(value) ? value[step.field] : undefined;
    return child === undefined ? [] : [child];
  }
  if ("index" in step) {
    const child = isList(value) ? value.at(step.index) : undefined;
    return child === undefined ? [] : [child];
  }
  const children = isList(value) ? [...value] : isProperties(value) ? Object.values(value) : [];
  if ("every" in step) return children;
  return children.filter((child) => {
    const isEqual = follow(child, step.where).some((item) => String(item) === step.equals);
    return isEqual !== step.negated;
  });
}
