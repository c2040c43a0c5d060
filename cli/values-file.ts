/** A file of values: YAML or JSON of keys and values. */
import { SecretMap } from "../engine/secret-map.ts";
import { goString } from "../engine/template/go-value.ts";
import { type JsonValue, jsonTextOf, readYaml, YamlError } from "../engine/yaml/index.ts";
import { readText } from "./manifest-files.ts";

/**
 * The values by key: text as it is, whatever else as JSON.
 * @throws UsageError for a file that cannot be read; Error naming the file where it is no mapping
 */
export async function readValues(path: string): Promise<SecretMap> {
  const values = parsed(goString(await readText(path)), path);
  return new SecretMap([...values].map(([key, value]) => [key, Buffer.from(textOf(value))]));
}

function parsed(content: string, path: string): ReadonlyMap<string, JsonValue> {
  try {
    const value = readYaml(content);
    if (value === null) return new Map();
    if (value instanceof Map) return value;
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new Error(`${path} is no YAML: ${error.message}`);
  }
  throw new Error(`${path} is no mapping of keys to values`);
}

const textOf = (value: JsonValue): string => (typeof value === "string" ? value : jsonTextOf(value));
