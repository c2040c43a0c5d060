/** Keyed hashes of values: they show that a value changed, and nothing of it to whoever lacks the key. */
import { createHmac } from "node:crypto";
import type { SecretMap } from "../../providers/secret-map.ts";

/** Bytes of a hash that are kept: enough to notice any change, too few to make the state long. */
const KEPT_BYTES = 9;
/** Bytes of the key. */
export const HASH_KEY_BYTES = 18;

/** The hashes of all values, by key; equal values of two keys have different ones. */
export function fingerprintsOf(hashKey: string, data: SecretMap): Readonly<Record<string, string>> {
  const names = [...data.keys()].sort();
  return Object.fromEntries(
    names.map((name) => [name, fingerprint(hashKey, name, data.get(name) ?? new Uint8Array())]),
  );
}

/** The hash of a whole: of parts in their order. */
export function fingerprintOfParts(hashKey: string, parts: Iterable<string | Uint8Array>): string {
  const hmac = createHmac("sha256", hashKey);
  for (const part of parts) {
    hmac.update(`${typeof part === "string" ? Buffer.byteLength(part) : part.length}:`);
    hmac.update(part);
  }
  return hmac.digest().subarray(0, KEPT_BYTES).toString("base64url");
}

function fingerprint(hashKey: string, name: string, value: Uint8Array): string {
  return fingerprintOfParts(hashKey, [name, value]);
}

/** How the keys of two sets of hashes differ. */
export interface KeyChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** From the old to the new. */
export function keyChanges(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): KeyChanges {
  const names = Object.keys(after);
  return {
    added: names.filter((name) => !Object.hasOwn(before, name)),
    changed: names.filter((name) => Object.hasOwn(before, name) && before[name] !== after[name]),
    removed: Object.keys(before).filter((name) => !Object.hasOwn(after, name)),
  };
}

/** All keys that differ, sorted. */
export function changedKeys({ added, changed, removed }: KeyChanges): readonly string[] {
  return [...added, ...changed, ...removed].sort();
}
