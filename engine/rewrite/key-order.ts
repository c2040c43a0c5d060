/** The order of keys where ESO has Go's: by their bytes. */
import type { SecretMap } from "../../providers/secret-map.ts";

/** Keys and values by the bytes of the keys. */
export function sortedEntries(data: SecretMap): readonly (readonly [key: string, value: Uint8Array])[] {
  return [...data].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}
