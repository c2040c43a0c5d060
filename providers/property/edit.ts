/** Sets and removes top-level keys of a JSON object, and leaves all else as it is written. */
import { isUtf8 } from "node:buffer";
import { InvalidConfiguration } from "../errors.ts";
import { bytesOf, byteTextOf, encodeText } from "./byte-text.ts";
import { isJsonText, type JsonMember, membersOf, parseText } from "./json-scan.ts";
import { quote, unquote } from "./json-string.ts";

/**
 * The object with `key` set to `value` as a JSON string; without an object, a new one.
 * @throws InvalidConfiguration where `object` is no JSON object, or the value is no UTF-8 and so no JSON string.
 */
export function withMember(
  object: Uint8Array | undefined,
  key: string,
  value: Uint8Array,
  remoteKey: string,
): Uint8Array {
  if (!isUtf8(value)) {
    throw new InvalidConfiguration(
      `the value for property "${key}" of "${remoteKey}" is binary, which JSON cannot hold`,
      {
        remoteKey,
        property: key,
        remedy: "encode it (b64enc in a template), or push it without a property",
      },
    );
  }
  const name = encodeText(key);
  const members =
    object === undefined ? [] : membersIn(object, remoteKey).filter((member) => unquote(member.key) !== name);
  return joined([...members.map(textOf), `${quote(name)}:${quote(byteTextOf(value))}`]);
}

/**
 * The object without `key`; undefined where nothing is left of it.
 * @throws InvalidConfiguration where `object` is no JSON object.
 */
export function withoutMember(object: Uint8Array, key: string, remoteKey: string): Uint8Array | undefined {
  const name = encodeText(key);
  const members = membersIn(object, remoteKey).filter((member) => unquote(member.key) !== name);
  return members.length === 0 ? undefined : joined(members.map(textOf));
}

function membersIn(object: Uint8Array, remoteKey: string): JsonMember[] {
  const text = byteTextOf(object);
  const root = isJsonText(text) ? parseText(text) : undefined;
  if (root?.kind === "object") return Array.from(membersOf(root.raw));
  throw new InvalidConfiguration(`secret "${remoteKey}" is not a JSON object, so no property of it can be written`, {
    remoteKey,
    remedy: "push the whole value, or choose another remoteKey",
  });
}

function textOf({ key, value }: JsonMember): string {
  return `${key}:${value.raw}`;
}

function joined(members: readonly string[]): Uint8Array {
  return bytesOf(`{${members.join(",")}}`);
}
