/** ESO's `toYaml` and `fromYaml`, byte for byte as sigs.k8s.io/yaml gives them. */
import { define } from "../template/functions/define.ts";
import { encodeJson } from "../template/functions/json/encode.ts";
import {
  type CallContext,
  type FunctionMap,
  GoError,
  GoMap,
  GoSlice,
  type GoValue,
  goString,
} from "../template/go-value.ts";
import { decodeYaml } from "./decode.ts";
import { emitYaml } from "./emit.ts";
import { type JsonValue, jsonValueOf, notUnmarshalled } from "./json-value.ts";
import { YamlError } from "./yaml-error.ts";

/** The functions by the names that templates call them by. */
export function yamlFunctions(): FunctionMap {
  const functions = [
    define("toYaml", ["interface {}"], ([value], context) => toYaml(value, context)),
    define("fromYaml", ["string"], ([text], context) => fromYaml(String(text), context)),
  ];
  return new Map(functions.map((each) => [each.name, each]));
}

/** Goes by way of JSON; whatever cannot be written is an empty text, as in ESO. */
function toYaml(value: GoValue, context: CallContext): string {
  try {
    const json = encodeJson(value, { escapesHtml: true }, context);
    context.spend(json.length);
    const yaml = emitYaml(jsonValueOf(decodeYaml(json)));
    context.spend(yaml.length);
    return goString(yaml.endsWith("\n") ? yaml.slice(0, -1) : yaml);
  } catch (error) {
    if (error instanceof YamlError || error instanceof GoError) return "";
    throw error;
  }
}

/** A mapping; what cannot be read gives one with the key `Error`. */
function fromYaml(text: string, context: CallContext): GoMap {
  context.spend(text.length);
  try {
    const value = jsonOf(text);
    if (value === null) return new GoMap();
    if (!(value instanceof Map)) throw notUnmarshalled(value, "map[string]interface {}");
    return goMapOf(value, context);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    return new GoMap(new Map([["Error", goString(error.goText)]]));
  }
}

function jsonOf(text: string): JsonValue {
  try {
    return jsonValueOf(decodeYaml(text));
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    const prefix = "error converting YAML to JSON: ";
    throw new YamlError(prefix + error.message, prefix + error.goText);
  }
}

function goMapOf(map: ReadonlyMap<string, JsonValue>, context: CallContext): GoMap {
  const entries = new Map<string, GoValue>();
  for (const [key, value] of map) entries.set(goString(key), goValueOf(value, context));
  return new GoMap(entries);
}

/** As Go's encoding/json reads into `interface {}`: every number is a float64. */
function goValueOf(value: JsonValue, context: CallContext): GoValue {
  context.spend(1);
  if (Array.isArray(value)) return new GoSlice(value.map((item) => goValueOf(item, context)));
  if (value instanceof Map) return goMapOf(value, context);
  if (typeof value === "bigint") return Number(value);
  return typeof value === "string" ? goString(value) : value;
}
