/** The functions that every template has, which the function map may replace. */

import { collectionBuiltins } from "./builtin-collections.ts";
import { textBuiltins } from "./builtin-text.ts";
import { isEqual, isLess } from "./compare.ts";
import type { Callable, EngineType } from "./exec-types.ts";
import { GoError, type GoValue } from "./go-value.ts";
import { isTrue } from "./truth.ts";

const ANY: EngineType = "reflect.Value";

/** `and` and `or` are evaluated by the engine, because they stop early; here they are for their names and counts. */
const logic: readonly Callable[] = [
  { name: "and", parameters: [ANY], variadic: ANY, call: ([first]) => first },
  { name: "or", parameters: [ANY], variadic: ANY, call: ([first]) => first },
  { name: "not", parameters: [ANY], variadic: undefined, call: ([value]) => !isTrue(value) },
];

const comparisons: readonly Callable[] = [
  { name: "eq", parameters: [ANY], variadic: ANY, call: ([first, ...others]) => equalsAny(first, others) },
  comparison("ne", (a, b) => !isEqual(a, b)),
  comparison("lt", isLess),
  comparison("le", isAtMost),
  comparison("gt", (a, b) => !isAtMost(a, b)),
  comparison("ge", (a, b) => !isLess(a, b)),
];

/** The built-in functions by name. */
export const builtins: ReadonlyMap<string, Callable> = new Map(
  [...logic, ...comparisons, ...collectionBuiltins, ...textBuiltins].map((callable) => [callable.name, callable]),
);

function comparison(name: string, compare: (a: GoValue, b: GoValue) => boolean): Callable {
  return { name, parameters: [ANY, ANY], variadic: undefined, call: ([a, b]) => compare(a, b) };
}

/** Whether the first value equals one of the others; stops at the first that it equals. */
function equalsAny(first: GoValue, others: readonly GoValue[]): boolean {
  if (others.length === 0) throw new GoError("missing argument for comparison");
  return others.some((other) => isEqual(first, other));
}

function isAtMost(a: GoValue, b: GoValue): boolean {
  return isLess(a, b) || isEqual(a, b);
}
