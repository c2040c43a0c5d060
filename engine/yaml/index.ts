/** YAML as Kubernetes reads and writes it: version 1.1, by way of JSON. */
import { decodeYaml, type YamlValue } from "./decode.ts";
import { emitYaml } from "./emit.ts";
import { type JsonValue, jsonValueOf, stringMapOf } from "./json-value.ts";
import { YamlError } from "./yaml-error.ts";

export { yamlFunctions } from "./functions.ts";
export type { JsonValue } from "./json-value.ts";
export { jsonMapOf, jsonTextOf, plainValueOf } from "./plain-json.ts";
export { YamlError } from "./yaml-error.ts";

/**
 * The first document of a stream as JSON holds it; null where there is none.
 * @param stream a Go string, one character per byte
 * @throws YamlError
 */
export function readYaml(stream: string): JsonValue {
  return jsonValueOf(decoded(stream));
}

/**
 * A stream that is a mapping of scalars, all of which become strings: `y: 1.50` is `true` to `1.5`.
 * @param stream a Go string
 * @returns texts (UTF-16), in the order of their keys
 * @throws YamlError also where a value is a collection
 */
export function readYamlStrings(stream: string): ReadonlyMap<string, string> {
  return stringMapOf(decoded(stream));
}

/** A value in block style, keys sorted, ending with a line feed. */
export function writeYaml(value: JsonValue): string {
  return emitYaml(value);
}

function decoded(stream: string): YamlValue {
  try {
    return decodeYaml(stream);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    const prefix = "error converting YAML to JSON: ";
    throw new YamlError(prefix + error.message, prefix + error.goText);
  }
}
