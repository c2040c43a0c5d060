/** Names that Kubernetes takes, made of names that Pulumi takes. */
import { createHash } from "node:crypto";

const MAX_LENGTH = 63;

/**
 * A DNS label (RFC 1123, up to 63 characters) for a Pulumi name: the name itself where it is one, else its letters and
 * digits with a hash, so that different names give different labels.
 */
export function dnsLabelOf(name: string): string {
  if (/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, MAX_LENGTH - hash.length - 1)
    .replaceAll(/^-+|-+$/g, "");
  return plain === "" ? `x-${hash}` : `${plain}-${hash}`;
}
