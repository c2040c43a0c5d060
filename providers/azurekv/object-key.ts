/** `remoteRef.key` of a vault: `secret/NAME`, `cert/NAME`, `key/NAME`, or NAME for a secret. */
import { InvalidConfiguration } from "../errors.ts";

/** What Key Vault keeps: as its API names the collections. */
export type ObjectKind = "secrets" | "certificates" | "keys";

export interface ObjectKey {
  readonly kind: ObjectKind;
  readonly name: string;
  /** As the user wrote it. */
  readonly remoteKey: string;
}

const KINDS: ReadonlyMap<string, ObjectKind> = new Map([
  ["secret", "secrets"],
  ["cert", "certificates"],
  ["key", "keys"],
]);

const NAME = /^[0-9A-Za-z-]{1,127}$/;

/** @throws InvalidConfiguration where the kind is unknown or the name is none that a vault can hold. */
export function objectKeyOf(remoteKey: string): ObjectKey {
  const parts = remoteKey.split("/");
  const [prefix = "", name = ""] = parts.length === 1 ? ["secret", remoteKey] : parts;
  const kind = KINDS.get(prefix);
  if (kind === undefined || parts.length > 2) {
    throw refused(
      remoteKey,
      "names no kind of object in Azure Key Vault",
      "write NAME, secret/NAME, cert/NAME or key/NAME",
    );
  }
  if (!NAME.test(name)) {
    throw refused(remoteKey, "is no name that Azure Key Vault allows", "use 1 to 127 letters, digits and dashes");
  }
  return { kind, name, remoteKey };
}

function refused(remoteKey: string, defect: string, remedy: string): InvalidConfiguration {
  return new InvalidConfiguration(`key "${remoteKey}" ${defect}`, { remoteKey, remedy });
}
