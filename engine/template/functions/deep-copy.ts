/** Sprig's `deepCopy`: slices and maps anew, all the way down. */
import { type CallContext, GoError, GoMap, GoSlice, GoStruct, type GoValue, nilItems } from "../go-value.ts";
import { isNil } from "./define.ts";
import { deeper } from "./nesting.ts";
import { zeroVersion } from "./semver/version-value.ts";

/** @throws GoError for nil, as sprig's library does */
export function deepCopy(value: GoValue, context: CallContext): GoValue {
  if (isNil(value)) throw new GoError("reflect: call of reflect.Value.Type on zero Value");
  return copyOf(value, context, 0);
}

function copyOf(value: GoValue, context: CallContext, depth: number): GoValue {
  if (value instanceof GoSlice) {
    context.spend(value.items.length + 1);
    if (value.items instanceof Uint8Array) return new GoSlice(value.items.slice());
    if (value.items === nilItems) return value;
    return new GoSlice(
      value.items.map((item) => copyOf(item, context, deeper(depth))),
      value.element,
    );
  }
  if (value instanceof GoMap) {
    context.spend(value.entries.size + 1);
    const entries = Array.from(value.entries, ([key, item]): [string, GoValue] => [
      key,
      copyOf(item, context, deeper(depth)),
    ]);
    return new GoMap(new Map(entries), value.element);
  }
  // The library copies no unexported fields, so a version loses its numbers.
  return value instanceof GoStruct && value.type === "*semver.Version" ? zeroVersion() : value;
}
