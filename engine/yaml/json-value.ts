/** What JSON can hold of a YAML value, as sigs.k8s.io/yaml converts it: keys become strings. */
import { formatFloat } from "../template/fmt/format-float.ts";
import type { YamlKey, YamlValue } from "./decode.ts";
import { YamlError } from "./yaml-error.ts";

/** `bigint` is an integer of 64 bits, `number` any other number; strings are texts. */
export type JsonValue = null | boolean | bigint | number | string | JsonValue[] | Map<string, JsonValue>;

/** @throws YamlError for a null key and for infinity and NaN, which JSON does not have */
export function jsonValueOf(value: YamlValue): JsonValue {
  if (Array.isArray(value)) return value.map(jsonValueOf);
  if (value instanceof Map) {
    const map = new Map<string, JsonValue>();
    for (const [key, item] of value) map.set(jsonKey(key), jsonValueOf(item));
    return map;
  }
  if (typeof value === "number" && !Number.isFinite(value)) throw unsupportedNumber(value);
  return value;
}

/**
 * The same where all values of the mapping have to be strings: numbers and booleans become their text (floats as of 32
 * bits, which is Go's way), null the empty string.
 * @throws YamlError also where a value is a collection, or the whole is no mapping
 */
export function stringMapOf(value: YamlValue): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  if (value === null) return map;
  if (!(value instanceof Map)) throw notUnmarshalled(jsonValueOf(value), "map[string]string");
  const entries = [...value].map(([key, item]) => [jsonKey(key), item] as const);
  // In Go's order, so that of several errors the same one is told.
  for (const [key, item] of entries.sort(([a], [b]) => compareText(a, b))) map.set(key, stringOf(item));
  return map;
}

/** By code points, which is by the bytes of UTF-8. */
function compareText(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function stringOf(value: YamlValue): string {
  if (value === null) return "";
  if (typeof value === "number") return formatFloat(Math.fround(value), "g", -1, 32);
  if (Array.isArray(value) || value instanceof Map) throw notUnmarshalled(jsonValueOf(value), "string");
  return String(value);
}

/** As Go's encoding/json says it when a value does not fit. */
export function notUnmarshalled(value: JsonValue, goType: string): YamlError {
  const found = `cannot unmarshal ${jsonTypeOf(value)} into Go value of type ${goType}`;
  return new YamlError(`error unmarshaling JSON: while decoding JSON: json: ${found}`);
}

function jsonTypeOf(value: JsonValue): string {
  if (Array.isArray(value)) return "array";
  if (value instanceof Map) return "object";
  if (typeof value === "boolean") return "bool";
  return typeof value === "string" ? "string" : "number";
}

const SPECIAL_FLOATS: ReadonlyMap<string, string> = new Map([
  ["+Inf", ".inf"],
  ["-Inf", "-.inf"],
  ["NaN", ".nan"],
]);

const MAX_INT_64 = (1n << 63n) - 1n;

function jsonKey(key: YamlKey): string {
  if (key === null) throw new YamlError("unsupported map key: null");
  if (typeof key === "bigint" && key > MAX_INT_64) throw new YamlError("unsupported map key of type: uint64");
  if (typeof key !== "number") return String(key);
  const text = formatFloat(Math.fround(key), "g", -1, 32);
  return SPECIAL_FLOATS.get(text) ?? text;
}

function unsupportedNumber(value: number): YamlError {
  return new YamlError(`json: unsupported value: ${formatFloat(value, "g", -1, 64)}`);
}
