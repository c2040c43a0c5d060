/** Secret values by key, which never print themselves. */
import { inspect } from "node:util";

/** A map of secret values; logging, `JSON.stringify` and `util.inspect` show the number of keys only. */
export class SecretMap extends Map<string, Uint8Array> {
  /** Used by `util.inspect` and so by `console.log`. */
  [inspect.custom](): string {
    return this.toString();
  }

  override toString(): string {
    return `<${this.size} ${this.size === 1 ? "key" : "keys"}>`;
  }

  /** Used by `JSON.stringify`: never the values. */
  toJSON(): string {
    return this.toString();
  }
}
