/** Sprig's `merge` and `mergeOverwrite`, as dario.cat/mergo merges maps. */
import { type CallContext, GoError, GoMap, GoSlice, GoStruct, type GoValue } from "../go-value.ts";
import { isNil } from "./define.ts";
import { isEmpty } from "./empty.ts";
import { deeper } from "./nesting.ts";

/**
 * Merges the later dictionaries into the first one, which changes and is the result. Without `overwrites`, what the first
 * one has and is not empty stays. Dictionaries in both are merged; those of one side are shared, not copied.
 * @throws GoError for a pointer in the first one where another has a map or struct
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
    if (!overwrites && isPointer(previous) && isMapOrStruct(value)) {
      throw new GoError("src and dst must be of same type");
    }
    if (!isEmpty(previous)) {
      if (value instanceof GoMap && previous instanceof GoMap) continue;
      if (value instanceof GoSlice && !overwrites) continue;
    }
    if (overwrites || isEmpty(previous)) target.entries.set(key, value);
  }
}

function isPointer(value: GoValue): boolean {
  return value instanceof GoStruct && value.type.startsWith("*");
}

function isMapOrStruct(value: GoValue): boolean {
  return value instanceof GoMap || (value instanceof GoStruct && !isPointer(value));
}
