/** `rewrite.merge`: every value is a JSON object; their fields become one. */
import type { Rewrite } from "../../api/external-secret.ts";
import { InvalidConfiguration } from "../../providers/errors.ts";
import { SecretMap } from "../../providers/secret-map.ts";
import { formatFloat } from "../template/fmt/format-float.ts";
import { decodeJson } from "../template/functions/json/decode.ts";
import { encodeJson } from "../template/functions/json/encode.ts";
import { bytesOf, type CallContext, GoMap, GoSlice, type GoValue, goString, textOf } from "../template/go-value.ts";
import { sortedEntries } from "./key-order.ts";

type Merge = NonNullable<Rewrite["merge"]>;

/** @throws InvalidConfiguration in ESO's words: no JSON object, a conflict, a missing key of `priority`, no `into` */
export function mergeValues(merge: Merge, data: SecretMap, context: CallContext): SecretMap {
  const { merged, conflicts } = mergedFields(merge, data, context);
  if (merge.conflictPolicy !== "Ignore" && conflicts.length > 0) throw failed(`conflicts: ${conflicts.join(", ")}`);
  return merge.strategy === "JSON" ? intoOneKey(merge, merged, data, context) : extracted(merged, context);
}

/** Alphabetically, then those of `priority`, the last of which wins. */
function keysInOrder({ priority = [] }: Merge, data: SecretMap): readonly string[] {
  const others = sortedEntries(data).flatMap(([key]) => (priority.includes(key) ? [] : [key]));
  return [...others, ...priority];
}

function mergedFields(merge: Merge, data: SecretMap, context: CallContext) {
  const merged = new Map<string, GoValue>();
  const conflicts: string[] = [];
  for (const key of keysInOrder(merge, data)) {
    const value = data.get(key);
    if (value === undefined) {
      if (merge.priorityPolicy === "IgnoreNotFound") continue;
      throw failed(`key ${JSON.stringify(key)} not found in input map`);
    }
    const fields = objectOf(value, context);
    for (const name of [...fields.keys()].sort()) {
      if (merged.has(name)) conflicts.push(textOf(name));
      merged.set(name, fields.get(name));
    }
  }
  return { merged, conflicts };
}

/** The fields of a JSON object; `null` has none. */
function objectOf(value: Uint8Array, context: CallContext): ReadonlyMap<string, GoValue> {
  const { value: decoded, error } = decodeJson(goString(value), context);
  if (error !== undefined) throw failed(`failed to unmarshal JSON: ${textOf(error.message)}`);
  if (decoded instanceof GoMap) return decoded.entries;
  if (decoded === null) return new Map();
  throw failed(
    `failed to unmarshal JSON: json: cannot unmarshal ${jsonTypeOf(decoded)} into Go value of type map[string]interface {}`,
  );
}

function jsonTypeOf(value: GoValue): string {
  if (value instanceof GoSlice) return "array";
  return typeof value === "boolean" ? "bool" : typeof value === "string" ? "string" : "number";
}

function extracted(merged: ReadonlyMap<string, GoValue>, context: CallContext): SecretMap {
  const result = new SecretMap();
  for (const [name, value] of merged) result.set(textOf(name), bytesOf(byteTextOf(value, context)));
  return result;
}

/** Text as it is, numbers plain, null as nothing, the rest as JSON. */
function byteTextOf(value: GoValue, context: CallContext): string {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return formatFloat(value, "f", -1);
  return encodeJson(value, { escapesHtml: true }, context);
}

function intoOneKey(
  { into = "" }: Merge,
  merged: ReadonlyMap<string, GoValue>,
  data: SecretMap,
  context: CallContext,
): SecretMap {
  if (into === "") throw failed("missing 'into' field");
  const json = encodeJson(new GoMap(new Map(merged)), { escapesHtml: false }, context);
  return new SecretMap([...data, [into, bytesOf(json)]]);
}

function failed(problem: string): InvalidConfiguration {
  return new InvalidConfiguration(`merge failed with ${problem}`);
}
