/** Go's `reflect.DeepEqual` for the values of templates. */
import { typeName } from "../fmt/index.ts";
import {
  type CallContext,
  GoFunction,
  GoMap,
  GoNumber,
  GoSlice,
  GoStruct,
  type GoValue,
  nilItems,
} from "../go-value.ts";
import { isNil, itemsOf } from "./define.ts";
import { deeper } from "./nesting.ts";
import { timeOf } from "./time/time-value.ts";

/** Whether two values have the same type and the same content; NaN and functions equal nothing. */
export function deepEqual(a: GoValue, b: GoValue, context: CallContext, depth = 0): boolean {
  context.spend(1);
  if (isNil(a) || isNil(b)) return isNil(a) && isNil(b);
  if (typeof a !== "object" || typeof b !== "object") return a === b;
  if (typeName(a) !== typeName(b) || a instanceof GoFunction) return false;
  if (a instanceof GoNumber) return b instanceof GoNumber && a.value === b.value;
  if (a instanceof GoSlice) return b instanceof GoSlice && equalSlices(a, b, context, deeper(depth));
  if (a instanceof GoMap) return b instanceof GoMap && equalMaps(a, b, context, deeper(depth));
  return b instanceof GoStruct && equalStructs(a, b, context);
}

function equalSlices(a: GoSlice, b: GoSlice, context: CallContext, depth: number): boolean {
  if ((a.items === nilItems) !== (b.items === nilItems) || a.items.length !== b.items.length) return false;
  if (a === b) return true;
  const others = itemsOf(b);
  return itemsOf(a).every((item, index) => deepEqual(item, others[index], context, depth));
}

function equalMaps(a: GoMap, b: GoMap, context: CallContext, depth: number): boolean {
  if (a === b) return true;
  if (a.entries.size !== b.entries.size) return false;
  for (const [key, value] of a.entries) {
    if (!b.entries.has(key) || !deepEqual(value, b.entries.get(key), context, depth)) return false;
  }
  return true;
}

function equalStructs(a: GoStruct, b: GoStruct, context: CallContext): boolean {
  if (a === b) return true;
  const [time, other] = [timeOf(a), timeOf(b)];
  if (time !== undefined && other !== undefined) {
    return (
      time.seconds === other.seconds && time.nanoseconds === other.nanoseconds && time.zone.name === other.zone.name
    );
  }
  for (const [name, value] of a.fields) if (!deepEqual(value, b.fields.get(name), context)) return false;
  return true;
}
