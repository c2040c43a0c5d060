/** Tells whether the backends gave the same bytes as at the last refresh, without keeping them. */
import { createHmac, randomBytes } from "node:crypto";
import type { SecretMap } from "../../providers/secret-map.ts";

/** Of a digest, in bytes: enough that chance never makes two alike. */
const DIGEST_BYTES = 16;

/** Digests under a key that this process alone has, and only in memory. */
export class DataDigest {
  readonly #key = randomBytes(32);

  /** 16 bytes as a string of as many characters; the order of the keys counts not. */
  of(data: SecretMap): string {
    const hmac = createHmac("sha256", this.#key);
    for (const [key, value] of [...data].sort(([a], [b]) => (a < b ? -1 : 1))) {
      hmac.update(`${Buffer.byteLength(key)}:${key}${value.byteLength}:`).update(value);
    }
    return hmac.digest().toString("latin1", 0, DIGEST_BYTES);
  }
}
