/** Reads the fields of a PushSecret's `metadata`, each with its own complaint. */
import { InvalidConfiguration } from "../errors.ts";
import { OWNERSHIP_TAG } from "./ownership-tag.ts";

/** An object of a manifest. */
export type Fields = Readonly<Record<string, unknown>>;

/** Path of the metadata's `spec`, for messages. */
export const METADATA_FIELD = "spec.data[].metadata.spec";

/**
 * `PushSecretMetadata.spec`; absent is empty.
 * @throws InvalidConfiguration for an unknown field or what is no object.
 */
export function metadataSpec(metadata: unknown, known: readonly string[]): Fields {
  const spec = objectOf(metadata, METADATA_FIELD);
  for (const name of Object.keys(spec)) {
    if (!known.includes(name)) throw invalidField(name, "is unknown", `use one of ${known.join(", ")}`);
  }
  return spec;
}

/** The wanted tags; undefined where there are none: ESO leaves the present ones alone then. */
export function readTags(value: unknown): Readonly<Record<string, string>> | undefined {
  const tags: Record<string, string> = {};
  for (const [key, tag] of Object.entries(objectOf(value, `${METADATA_FIELD}.tags`))) {
    if (key === OWNERSHIP_TAG.key) throw invalidField(`tags.${key}`, "is reserved", "remove it");
    if (typeof tag !== "string") throw invalidField(`tags.${key}`, "is no string", "write it as a string");
    tags[key] = tag;
  }
  return Object.keys(tags).length === 0 ? undefined : tags;
}

/** A text; absent is empty. */
export function readText(spec: Fields, name: string): string {
  const value = spec[name] ?? "";
  if (typeof value !== "string") throw invalidField(name, "is no string", "write it as a string");
  return value;
}

/** One of some texts, the first where it is absent. */
export function readChoice<const Choice extends string>(
  spec: Fields,
  name: string,
  choices: readonly [Choice, ...Choice[]],
): Choice {
  const text = readText(spec, name) || choices[0];
  const found = choices.find((choice) => choice === text);
  if (found === undefined) {
    throw invalidField(name, `is none of ${choices.join(", ")}`, "use one of them");
  }
  return found;
}

/** What is no object is refused; absent is empty. */
export function objectOf(value: unknown, field: string): Fields {
  if (value === undefined || value === null) return {};
  if (typeof value !== "object" || Array.isArray(value)) {
    throw new InvalidConfiguration(`${field} is no object`, { field, remedy: "write it as PushSecretMetadata" });
  }
  return value as Fields;
}

/** The complaint about a field of the metadata's `spec`. */
export function invalidField(name: string, defect: string, remedy: string): InvalidConfiguration {
  const field = `${METADATA_FIELD}.${name}`;
  return new InvalidConfiguration(`${field} ${defect}`, { field, remedy });
}
