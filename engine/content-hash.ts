/** The hash by which a hand edit of an object that is no Secret is noticed, as ESO computes it. */
import { contentHash } from "./hashes.ts";
import { formatValue } from "./template/fmt/index.ts";
import { GoMap, GoNumber, GoSlice, type GoValue, goString } from "./template/go-value.ts";
import { type JsonValue, jsonMapOf } from "./yaml/index.ts";

/** Of `spec` where there is one, else of `data`. */
export function contentHashOfMap(root: ReadonlyMap<string, JsonValue>): string {
  return contentHash(formatValue(goValueOf(root.get("spec") ?? root.get("data") ?? null)));
}

/** The same of an object as the API server gives it. */
export function contentHashOf({ spec, data }: { readonly spec?: unknown; readonly data?: unknown }): string {
  const content = { ...(spec === undefined ? {} : { spec }), ...(data === undefined ? {} : { data }) };
  return contentHashOfMap(new Map([...jsonMapOf(content)].map(([key, value]) => [key, withIntegers(value)])));
}

/** JSON's numbers without a fraction are integers to the API server. */
function withIntegers(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withIntegers);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, withIntegers(item)]));
  return typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : value;
}

/** As Go's unstructured objects hold it. */
function goValueOf(value: JsonValue): GoValue {
  if (Array.isArray(value)) return new GoSlice(value.map(goValueOf));
  if (value instanceof Map)
    return new GoMap(new Map([...value].map(([key, item]) => [goString(key), goValueOf(item)])));
  if (typeof value === "bigint") return new GoNumber("int64", value);
  return typeof value === "string" ? goString(value) : value;
}
