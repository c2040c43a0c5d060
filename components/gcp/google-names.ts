/** Names that Google takes, made of names that Pulumi takes: the same in each run, and different for different names. */
import { createHash } from "node:crypto";

/** An id of a service account: 6 to 30 lower-case letters, digits and dashes, beginning with a letter. */
export function googleAccountId(name: string): string {
  if (/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(name)) return name;
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^[^a-z]+/g, "")
    .slice(0, 21)
    .replaceAll(/-+$/g, "");
  return `${plain === "" ? "es" : plain}-${shortHash(name)}`;
}

/** An id of a custom role: letters, digits, dots and underscores, 64 at most. @param parts what it is for */
export function googleRoleId(prefix: string, ...parts: readonly string[]): string {
  return `${prefix}_${shortHash(parts.join("|"))}`;
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

const PROVIDER = /^projects\/\d+\/locations\/global\/workloadIdentityPools\/[^/]+\/providers\/[^/]+$/;

/** The provider's name without Google's host before it. @throws Error that says what it should look like */
export function providerName(name: string): string {
  const bare = name.replace(/^(?:https:)?\/\/iam\.googleapis\.com\//, "");
  if (PROVIDER.test(bare)) return bare;
  throw new Error(
    `federationProvider: "${name}" is none. It looks like projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER.`,
  );
}
