/** Turns a program's inputs into the object that the API server takes, and back. */
import { isList, isProperties, mapValues, type Properties, plainProperties, type Value } from "./property-values.ts";

/** Names that the SDK writes with underscores, since they must be identifiers in other languages. */
const DASHED_NAMES = [
  "x-kubernetes-embedded-resource",
  "x-kubernetes-int-or-string",
  "x-kubernetes-list-map-keys",
  "x-kubernetes-list-type",
  "x-kubernetes-map-type",
  "x-kubernetes-preserve-unknown-fields",
  "x-kubernetes-validations",
];
const TO_DASHED = new Map(DASHED_NAMES.map((name) => [name.replaceAll("-", "_"), name]));
const TO_UNDERSCORED = new Map(DASHED_NAMES.map((name) => [name, name.replaceAll("-", "_")]));

/** Server-made fields of `metadata`, which an input must not have. */
const SERVER_METADATA = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "selfLink",
  "uid",
];

/** The object that inputs stand for: plain values, the API's own names, no server-made metadata, no nulls. */
export function objectFromInputs(inputs: Properties): Properties {
  const object = renameKeys(withoutNulls(plainProperties(inputs)), TO_DASHED) as Properties;
  return withoutServerMetadata(object);
}

/** The live object as properties of the engine. */
export function propertiesFromObject(object: Properties): Properties {
  return renameKeys(object, TO_UNDERSCORED) as Properties;
}

export function withoutServerMetadata(object: Properties): Properties {
  const metadata = object.metadata;
  if (!isProperties(metadata)) return object;
  const kept = mapValues(metadata, (value, key) => (SERVER_METADATA.includes(key) ? undefined : value));
  return { ...object, metadata: kept };
}

/** Replaces the metadata of an object. */
export function withMetadata(object: Properties, metadata: Properties): Properties {
  return { ...object, metadata };
}

function withoutNulls(properties: Properties): Properties {
  return mapValues(properties, (value) => {
    if (value === null) return undefined;
    return isProperties(value) ? withoutNulls(value) : value;
  });
}

function renameKeys(value: Value, names: ReadonlyMap<string, string>): Value {
  if (isList(value)) return value.map((item) => renameKeys(item, names));
  if (!isProperties(value)) return value;
  const renamed = Object.entries(value).map(([key, item]) => [names.get(key) ?? key, renameKeys(item, names)] as const);
  return Object.fromEntries(renamed);
}
