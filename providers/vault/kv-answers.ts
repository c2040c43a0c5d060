/** What the KV engine's answers hold. */
import { SecretNotFound, Transient } from "../errors.ts";
import { bytesOf } from "../property/byte-text.ts";
import { marshal, memberOf } from "../property/index.ts";
import { noteVersion } from "../value-version.ts";
import type { VaultSubject } from "./vault-error.ts";

/** What the metadata of a version 2 secret says. */
export interface KvMetadata {
  readonly custom: ReadonlyMap<string, string>;
  /** `created_time`, `current_version`, `delete_version_after`. */
  readonly system: ReadonlyMap<string, string>;
  readonly currentVersion: number;
}

const SYSTEM_METADATA = ["created_time", "current_version", "delete_version_after"];

/**
 * The data of a secret, in Go's form.
 * @throws SecretNotFound where the version is deleted; Transient where the answer has another shape.
 */
export function dataIn(answer: Uint8Array, isVersion2: boolean, { name, remoteKey }: VaultSubject): Uint8Array {
  const outer = memberOf(answer, "data");
  const version2 = isVersion2 && outer !== undefined ? bytesOf(outer.raw) : undefined;
  const data = version2 === undefined ? outer : memberOf(version2, "data");
  const details = remoteKey === undefined ? {} : { remoteKey };
  if (data?.kind === "null")
    throw new SecretNotFound(`${name} is deleted in Vault`, { ...details, remedy: "write it anew" });
  if (data?.kind !== "object") throw new Transient(`Vault's answer for ${name} holds no data`, details);
  return noteVersion(bytesOf(marshal(data, "asWritten")), version2 && versionIn(version2));
}

/** `metadata.version`. */
function versionIn(data: Uint8Array): string | undefined {
  const metadata = memberOf(data, "metadata");
  return metadata && memberOf(bytesOf(metadata.raw), "version")?.raw;
}

/** The metadata of a version 2 secret. */
export function metadataIn(answer: Uint8Array): KvMetadata {
  const data = bytesOf(memberOf(answer, "data")?.raw ?? "{}");
  const parsed = JSON.parse(new TextDecoder().decode(data)) as Readonly<Record<string, unknown>>;
  const custom = typeof parsed.custom_metadata === "object" ? (parsed.custom_metadata ?? {}) : {};
  const shown = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  return {
    custom: new Map(Object.entries(custom).map(([name, value]) => [name, shown(value)])),
    system: new Map(SYSTEM_METADATA.flatMap((name) => (parsed[name] == null ? [] : [[name, shown(parsed[name])]]))),
    currentVersion: typeof parsed.current_version === "number" ? parsed.current_version : 0,
  };
}

/** The names of a list. */
export function keysIn(answer: Uint8Array): readonly string[] {
  const { data } = JSON.parse(new TextDecoder().decode(answer)) as {
    readonly data?: { readonly keys?: readonly string[] };
  };
  return data?.keys ?? [];
}
