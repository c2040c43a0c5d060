/** Paths such as `spec.rules[0].from`, as `templateFrom[].target` of a manifest writes them. */
import { InvalidConfiguration } from "../../providers/errors.ts";
import type { JsonValue } from "../yaml/index.ts";

/** A key of a map, or an index of an array. */
export type PathStep = string | number;

/** Greatest index: an array is filled up with nulls to it. */
const MAX_INDEX = 10_000;

const INTEGER = /^[-+]?[0-9]{1,15}$/;

/**
 * Takes a path apart.
 * @throws InvalidConfiguration in ESO's words
 */
export function parseTargetPath(target: string): readonly PathStep[] {
  const quoted = JSON.stringify(target);
  const steps: PathStep[] = [];
  for (const segment of target.split(".")) {
    if (segment === "") throw invalid(`invalid path ${quoted}: empty segment`);
    const bracket = segment.indexOf("[");
    const name = bracket < 0 ? segment : segment.slice(0, bracket);
    if (name !== "") steps.push(name);
    for (let rest = bracket < 0 ? "" : segment.slice(bracket); rest !== ""; ) {
      if (!rest.startsWith("[")) throw invalid(`invalid path ${quoted}: expected '[' near ${JSON.stringify(rest)}`);
      const end = rest.indexOf("]");
      if (end < 0) throw invalid(`invalid path ${quoted}: unterminated '['`);
      steps.push(indexOf(rest.slice(1, end), quoted));
      rest = rest.slice(end + 1);
    }
  }
  if (typeof steps[0] !== "string") throw invalid(`invalid path ${quoted}: path must start with a key`);
  return steps;
}

function indexOf(text: string, quoted: string): number {
  if (!INTEGER.test(text)) throw invalid(`invalid path ${quoted}: bad index ${JSON.stringify(text)}`);
  const index = Number(text);
  if (index < 0) throw invalid(`invalid path ${quoted}: negative index ${index}`);
  if (index > MAX_INDEX) throw invalid(`invalid path ${quoted}: index ${index} exceeds maximum (${MAX_INDEX})`);
  return index;
}

/**
 * Puts a value at a path, and makes the maps and arrays on the way that are not there.
 * @param leaf gives the new value for the one that is there
 * @throws InvalidConfiguration where something else stands in the way
 */
export function setAtPath(
  root: Map<string, JsonValue>,
  target: string,
  steps: readonly PathStep[],
  leaf: (existing: JsonValue | undefined) => JsonValue,
): void {
  try {
    setStep(root, steps, leaf);
  } catch (error) {
    if (!(error instanceof InTheWay)) throw error;
    throw invalid(`failed to set path ${target}: ${error.message}`);
  }
}

class InTheWay extends Error {}

function setStep(
  node: JsonValue | undefined,
  [step, ...rest]: readonly PathStep[],
  leaf: (existing: JsonValue | undefined) => JsonValue,
): JsonValue {
  if (step === undefined) return leaf(node);
  if (typeof step === "string") {
    const map = node ?? new Map<string, JsonValue>();
    if (!(map instanceof Map))
      throw new InTheWay(`expected map at key ${JSON.stringify(step)} but found ${goTypeOf(map)}`);
    map.set(step, setStep(map.get(step), rest, leaf));
    return map;
  }
  const items = node ?? [];
  if (!Array.isArray(items)) throw new InTheWay(`expected array at index ${step} but found ${goTypeOf(items)}`);
  while (items.length <= step) items.push(null);
  items[step] = setStep(items[step], rest, leaf);
  return items;
}

function goTypeOf(value: JsonValue): string {
  if (Array.isArray(value)) return "[]interface {}";
  if (value instanceof Map) return "map[string]interface {}";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "string";
  return typeof value === "bigint" || Number.isInteger(value) ? "int64" : "float64";
}

function invalid(message: string): InvalidConfiguration {
  return new InvalidConfiguration(message, {
    field: "spec.target.template.templateFrom[].target",
    remedy: "write a path such as spec.config or spec.rules[0].name",
  });
}
