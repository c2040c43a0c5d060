/** Names of role assignments, which have to be GUIDs. */
import { createHash } from "node:crypto";

/** This package's own namespace for names (RFC 9562). */
const NAMESPACE = Buffer.from("2e1c3f0d9b5e4c55a3b0f6f1d6a7c9e4", "hex");

/** A GUID of version 5: always the same for the same parts, so that a second run finds its own assignment. */
export function nameGuid(...parts: readonly string[]): string {
  const hash = createHash("sha1").update(NAMESPACE).update(parts.join("|").toLowerCase()).digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}
