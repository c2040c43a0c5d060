/** JSON values as plain JavaScript objects, and back. */
import type { JsonValue } from "./json-value.ts";

/** A value of `JSON.parse`; what JSON does not have becomes null. */
export function jsonValueOfPlain(value: unknown): JsonValue {
  if (Array.isArray(value)) return value.map(jsonValueOfPlain);
  if (typeof value === "object" && value !== null) return jsonMapOf(value);
  const isScalar = typeof value === "string" || typeof value === "boolean" || typeof value === "bigint";
  return isScalar || typeof value === "number" ? value : null;
}

/** A copy of an object's own fields. */
export function jsonMapOf(object: object): Map<string, JsonValue> {
  return new Map(Object.entries(object).map(([key, value]) => [key, jsonValueOfPlain(value)]));
}

/** The value as JSON without blanks; integers keep all their digits. */
export function jsonTextOf(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(jsonTextOf).join(",")}]`;
  if (value instanceof Map) {
    return `{${[...value].map(([key, item]) => `${JSON.stringify(key)}:${jsonTextOf(item)}`).join(",")}}`;
  }
  return typeof value === "bigint" ? String(value) : JSON.stringify(value);
}

/** Objects for maps; integers are numbers as long as they are exact, else `bigint`. Any key is an own field. */
export function plainValueOf(value: JsonValue): unknown {
  if (Array.isArray(value)) return value.map(plainValueOf);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [key, plainValueOf(item)]));
  return typeof value === "bigint" && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
