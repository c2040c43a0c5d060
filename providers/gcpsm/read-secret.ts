/** Reads one secret: a version's value, or labels and annotations. */
import type { GcpSmProviderSpec } from "../../api/stores/gcpsm.ts";
import type { RemoteRef } from "../contract.ts";
import { InvalidConfiguration, PropertyNotFound } from "../errors.ts";
import { requireProperty } from "../property/index.ts";
import type { SecretManagerApi, SecretMetadata, VersionMetadata } from "./secret-manager-api.ts";
import { VersionUnusable } from "./secret-manager-error.ts";

/** `LatestOrFetch`: the newest enabled version in place of a latest one that is disabled or destroyed. */
export type SelectionPolicy = GcpSmProviderSpec["secretVersionSelectionPolicy"];

/** The bytes that a reference asks for. @throws SyncError */
export async function readSecret(
  api: SecretManagerApi,
  policy: SelectionPolicy,
  ref: RemoteRef,
  signal: AbortSignal,
): Promise<Uint8Array> {
  if (ref.metadataPolicy === "Fetch") return metadataOf(await api.getSecret(ref.key, signal), ref);
  const value = await readValue(api, policy, ref.key, ref.version, signal);
  return ref.property ? requireProperty(value, ref.key, ref.property) : value;
}

/** The value of a version; without one of the latest. @throws SecretNotFound, VersionUnusable */
export async function readValue(
  api: SecretManagerApi,
  policy: SelectionPolicy,
  key: string,
  version: string | undefined,
  signal: AbortSignal,
): Promise<Uint8Array> {
  try {
    return await api.access(key, version || "latest", signal);
  } catch (error) {
    if (!(error instanceof VersionUnusable) || version || policy !== "LatestOrFetch") throw error;
    const newest = await newestEnabled(api, key, signal);
    if (newest === undefined) throw error;
    return api.access(key, newest, signal);
  }
}

/** The number of the version that was made last among those that are enabled. */
async function newestEnabled(api: SecretManagerApi, key: string, signal: AbortSignal): Promise<string | undefined> {
  let newest: VersionMetadata | undefined;
  let pageToken: string | undefined;
  do {
    const page = await api.listVersions(key, pageToken, signal);
    for (const version of page.items)
      if (newest === undefined || numberOf(version) > numberOf(newest)) newest = version;
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  return newest === undefined ? undefined : String(numberOf(newest));
}

/** Versions are numbered in the order of their creation. */
function numberOf({ name }: VersionMetadata): number {
  return Number(name.slice(name.lastIndexOf("/") + 1));
}

/** Both as one JSON object, or the one that the property names, or of that one entry's text. */
function metadataOf(secret: SecretMetadata, { key, property }: RemoteRef): Uint8Array {
  if (!property)
    return encode(goJson({ annotations: textsOf(secret, "annotations"), labels: textsOf(secret, "labels") }));
  for (const kind of ["annotations", "labels"] as const) {
    if (property === kind) return encode(goJson(textsOf(secret, kind)));
    if (property.startsWith(`${kind}.`) && property.length > kind.length + 1) {
      return encode(entryOf(secret, kind, property.slice(kind.length + 1), key));
    }
  }
  throw new InvalidConfiguration(`"${property}" names no metadata of secret "${key}"`, {
    remoteKey: key,
    property,
    remedy: "begin the property with annotations or labels",
  });
}

function entryOf(secret: SecretMetadata, kind: "annotations" | "labels", name: string, key: string): string {
  const value = Object.entries(secret[kind] ?? {}).find(([entry]) => entry === name)?.[1];
  if (value !== undefined) return value;
  throw new PropertyNotFound(`secret "${key}" has no ${kind.slice(0, -1)} "${name}"`, {
    remoteKey: key,
    property: `${kind}.${name}`,
    remedy: "correct remoteRef.property or add it to the secret",
  });
}

/** Sorted by name; none at all is null, as ESO has it. */
function textsOf(secret: SecretMetadata, kind: "annotations" | "labels"): Record<string, string> | null {
  const entries = Object.entries(secret[kind] ?? {});
  return entries.length === 0 ? null : Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** As Go's encoding/json writes it: characters of HTML are escaped. */
function goJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
