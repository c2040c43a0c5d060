/** What of a webhook's answer is the secret. */
import { InvalidConfiguration, PropertyNotFound } from "../errors.ts";
import { type PathResult, queryPath } from "./json-path.ts";
import { JsonPathError } from "./json-path-error.ts";
import { type Json, jsonText, parseJson } from "./json-text.ts";

const FIELD = "spec.provider.webhook.result.jsonPath";

/**
 * The bytes that a JSONPath finds: a string without its quotes, null as no bytes, of several or of an array the first (as in
 * ESO), anything else as JSON. Without a path, the whole answer.
 * @throws InvalidConfiguration where the answer is no JSON or the path is none; PropertyNotFound where it finds nothing.
 */
export function partOf(body: Uint8Array, path: string, remoteKey: string): Uint8Array {
  if (path === "") return body;
  return bytesOf(firstOf(found(body, path, remoteKey), remoteKey));
}

/** The same as an object's JSON, for its keys; a string at the path is read as JSON, as in ESO. */
export function objectOf(body: Uint8Array, path: string, remoteKey: string): Uint8Array {
  if (path === "") return body;
  const value = found(body, path, remoteKey);
  return bytesOf(value);
}

function found(body: Uint8Array, path: string, remoteKey: string): Json {
  const root = parseJson(new TextDecoder().decode(body));
  if (root === undefined) {
    throw new InvalidConfiguration(`the webhook's answer for "${remoteKey}" is not JSON`, {
      remoteKey,
      field: FIELD,
      remedy: `remove ${FIELD}, or let the service answer with JSON`,
    });
  }
  const { values, isPlural } = evaluate(path, root);
  if (isPlural) return values;
  const [value] = values;
  if (value === undefined) throw nothingFound(remoteKey);
  return value;
}

function evaluate(path: string, root: Json): PathResult {
  try {
    return queryPath(path, root);
  } catch (error) {
    if (!(error instanceof JsonPathError)) throw error;
    throw new InvalidConfiguration(`${FIELD} is no JSONPath: ${error.message}`, {
      field: FIELD,
      remedy: "write it as $.name['other name'][0]",
    });
  }
}

function firstOf(value: Json, remoteKey: string): Json {
  if (!Array.isArray(value)) return value;
  const [first] = value as readonly Json[];
  if (first === undefined) throw nothingFound(remoteKey);
  return firstOf(first, remoteKey);
}

function bytesOf(value: Json): Uint8Array {
  if (value === null) return new Uint8Array();
  return new TextEncoder().encode(typeof value === "string" ? value : jsonText(value));
}

function nothingFound(remoteKey: string): PropertyNotFound {
  return new PropertyNotFound(`${FIELD} finds nothing in the webhook's answer for "${remoteKey}"`, {
    remoteKey,
    field: FIELD,
    remedy: "correct the path or the reference",
  });
}
