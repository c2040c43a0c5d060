/** Reads parts of a secret's value: one property, or all top-level keys. */
import { InvalidConfiguration, PropertyNotFound } from "../errors.ts";
import { SecretMap } from "../secret-map.ts";
import { noteVersion, versionOf } from "../value-version.ts";
import { bytesOf, byteTextOf, decodeText, encodeText } from "./byte-text.ts";
import { getJson } from "./gjson.ts";
import { isJsonText, type JsonValue, membersOf, parseText } from "./json-scan.ts";
import { unquote } from "./json-string.ts";
import { textOf } from "./json-value.ts";

export type { JsonValue } from "./json-scan.ts";
export { byteValueOf, marshal, type NumberStyle } from "./json-value.ts";

/** Whether the bytes are one JSON value and nothing else. */
export function isJson(value: Uint8Array): boolean {
  return isJsonText(byteTextOf(value));
}

/**
 * What a gjson path finds: a JSON string without its quotes, null as no bytes, an integer with all its digits, other numbers
 * plain (1.50 → 1.5, as ESO has it), anything else as its JSON text. Undefined where nothing is found.
 */
export function queryJson(value: Uint8Array, path: string): Uint8Array | undefined {
  const found = getJson(byteTextOf(value), encodeText(path));
  return found === undefined ? undefined : bytesOf(textOf(found));
}

/** The value of a top-level key, spelled exactly as given; undefined where the value is no object or has no such key. */
export function memberOf(value: Uint8Array, key: string): JsonValue | undefined {
  const root = parseText(byteTextOf(value));
  if (root?.kind !== "object") return undefined;
  const wanted = encodeText(key);
  for (const member of membersOf(root.raw)) if (unquote(member.key) === wanted) return member.value;
  return undefined;
}

/**
 * The property of a value: a top-level key of exactly that name first (it may contain dots), then a gjson path. The form of
 * the result is that of `queryJson`. Undefined where there is none; `isJson` then tells whether the value is JSON at all.
 */
export function selectProperty(value: Uint8Array, property: string): Uint8Array | undefined {
  const literal = memberOf(value, property);
  return literal === undefined ? queryJson(value, property) : bytesOf(textOf(literal));
}

/**
 * The same, where the property has to be there, with the version of the whole.
 * @throws PropertyNotFound, with one message for a missing property and another for a value that is no JSON.
 */
export function requireProperty(value: Uint8Array, remoteKey: string, property: string): Uint8Array {
  const selected = selectProperty(value, property);
  if (selected === undefined) throw propertyNotFound(value, remoteKey, property);
  return noteVersion(selected, versionOf(value));
}

/** The error of a property that is not in the value. */
export function propertyNotFound(value: Uint8Array, remoteKey: string, property: string): PropertyNotFound {
  if (isJson(value)) {
    return new PropertyNotFound(`secret "${remoteKey}" has no property "${property}"`, {
      remoteKey,
      property,
      remedy: "correct remoteRef.property or add the property to the secret",
    });
  }
  return new PropertyNotFound(`secret "${remoteKey}" is not JSON, so it has no property "${property}"`, {
    remoteKey,
    property,
    remedy: "remove remoteRef.property or store a JSON object",
  });
}

/**
 * The top-level keys of a JSON object: strings without their quotes, null as no bytes, other values as their JSON text. The map
 * has the version of the whole.
 * @throws InvalidConfiguration where the value is no JSON object; the message never holds any of it.
 */
export function jsonToSecretMap(value: Uint8Array, remoteKey?: string): SecretMap {
  const members = jsonMembers(value, remoteKey).map(([key, member]): [string, Uint8Array] => {
    const isText = member.kind === "string" || member.kind === "null";
    return [key, bytesOf(isText ? textOf(member) : member.raw)];
  });
  return noteVersion(new SecretMap(members), versionOf(value));
}

/**
 * Names and values of a JSON object; `null` has none.
 * @throws InvalidConfiguration where the value is no JSON object.
 */
export function jsonMembers(value: Uint8Array, remoteKey?: string): [string, JsonValue][] {
  const text = byteTextOf(value);
  const root = isJsonText(text) ? parseText(text) : undefined;
  if (root?.kind === "object") {
    return Array.from(membersOf(root.raw), ({ key, value: member }) => [decodeText(unquote(key)), member]);
  }
  if (root?.kind === "null") return [];
  const subject = remoteKey === undefined ? "the value" : `secret "${remoteKey}"`;
  const defect = root === undefined ? defectOf(text) : `it is a JSON ${root.kind === "array" ? "array" : "scalar"}`;
  throw new InvalidConfiguration(`${subject} is not a JSON object: ${defect}`, {
    ...(remoteKey === undefined ? {} : { remoteKey }),
    remedy: "store a JSON object, or read the secret by data[].remoteRef without dataFrom.extract",
  });
}

function defectOf(text: string): string {
  return text.trim() === "" || opensMoreThanItCloses(text) ? "unexpected end of JSON input" : "it is not valid JSON";
}

/** Whether the text looks like JSON that was cut off. */
function opensMoreThanItCloses(text: string): boolean {
  const outside = text.replace(/"(?:[^"\\]|\\[\s\S])*"/g, "");
  return /^\s*[{[]/.test(text) && (outside.match(/[{[]/g)?.length ?? 0) > (outside.match(/[}\]]/g)?.length ?? 0);
}
