/** Tells whether the backends gave the same bytes as at the last refresh, without keeping them. */
import { hash, randomBytes } from "node:crypto";
import type { SecretMap } from "../../providers/secret-map.ts";

/** Of a digest, in bytes: enough that chance never makes two alike. */
const DIGEST_BYTES = 16;

/** Digests under a key that this process alone has, and only in memory. */
export class DataDigest {
  readonly #key = randomBytes(32);

  /** 16 bytes as a string of as many characters; the order of the keys counts not. */
  of(data: SecretMap): string {
    const parts: Uint8Array[] = [this.#key];
    for (const [key, value] of [...data].sort(([a], [b]) => (a < b ? -1 : 1))) {
      parts.push(Buffer.from(`${Buffer.byteLength(key)}:${key}${value.byteLength}:`), value);
    }
    const all = Buffer.concat(parts);
    const digest = hash("sha256", all, "buffer");
    // It held values, and may be memory that others get next.
    all.fill(0);
    return digest.toString("latin1", 0, DIGEST_BYTES);
  }
}
