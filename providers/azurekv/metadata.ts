/** Tags and times of an object, as `metadataPolicy: Fetch` gives them. */
import type { VaultObject } from "./vault-objects.ts";

/** ESO's names of the times. */
const TIMES = [
  ["attribute.expires", "exp"],
  ["attribute.created", "created"],
  ["attribute.updated", "updated"],
  ["attribute.notBefore", "nbf"],
] as const;

/** The tags, and the times in RFC 3339 under names of their own, which go before tags of the same name. */
export function metadataOf({ tags = {}, attributes = {} }: VaultObject): ReadonlyMap<string, string> {
  const metadata = new Map(Object.entries(tags));
  for (const [name, field] of TIMES) {
    const seconds = attributes[field];
    if (typeof seconds === "number") metadata.set(name, timeOf(seconds));
  }
  return metadata;
}

function timeOf(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().replace(/\.\d+Z$/, "Z");
}

/** As Go's encoding/json writes a map: keys sorted, no spaces, and characters of HTML escaped. */
export function goJson(map: ReadonlyMap<string, string>): string {
  const sorted = [...map].sort(([left], [right]) => (left < right ? -1 : 1));
  // Not by an object, which would put keys that are numbers first.
  const members = sorted.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  return `{${members.join(",")}}`.replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
