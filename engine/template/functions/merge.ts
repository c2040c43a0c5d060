/** Sprig's `merge` and `mergeOverwrite`, as dario.cat/mergo merges maps. */
import { type CallContext, GoMap, GoSlice } from "../go-value.ts";
import { isNil } from "./define.ts";
import { isEmpty } from "./empty.ts";
import { deeper } from "./nesting.ts";

/**
 * Merges the later dictionaries into the first one, which changes and is the result. Without `overwrites`, what the first
 * one has and is not empty stays. Dictionaries in both are merged; those of one side are shared, not copied.
 */
export function merge(dicts: readonly GoMap[], overwrites: boolean, context: CallContext): GoMap {
  const [target = new GoMap(), ...sources] = dicts;
  for (const source of sources) mergeInto(target, source, { overwrites, context }, 0);
  return target;
}

interface MergeOptions {
  readonly overwrites: boolean;
  readonly context: CallContext;
}

function mergeInto(target: GoMap, source: GoMap, options: MergeOptions, depth: number): void {
  const { overwrites, context } = options;
  context.spend(source.entries.size + 1);
  for (const [key, value] of [...source.entries]) {
    if (isNil(value)) {
      if (overwrites) target.entries.set(key, null);
      continue;
    }
    const previous = target.entries.get(key);
    if (value instanceof GoMap && previous instanceof GoMap) mergeInto(previous, value, options, deeper(depth));
    if (!isEmpty(previous)) {
      if (value instanceof GoMap && previous instanceof GoMap) continue;
      if (value instanceof GoSlice && !overwrites) continue;
    }
    if (overwrites || isEmpty(previous)) target.entries.set(key, value);
  }
}
