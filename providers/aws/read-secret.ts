/** Reads one secret of Secrets Manager: its value or its tags. */
import type { RemoteRef } from "../contract.ts";
import { InvalidConfiguration, SecretNotFound, SyncError } from "../errors.ts";
import { requireProperty } from "../property/index.ts";
import { noteVersion } from "../value-version.ts";
import type { CurrentValues } from "./current-values.ts";
import { tagsJson } from "./ownership-tag.ts";
import type { SecretsManagerApi } from "./secrets-manager-api.ts";

/** Marks a version id in `remoteRef.version`; anything else is a staging label. */
const VERSION_ID_PREFIX = "uuid/";

/**
 * The bytes that a reference asks for. `key` has the store's prefix already.
 * @throws SyncError
 */
export async function readSecret(
  { api, currentValues }: { readonly api: SecretsManagerApi; readonly currentValues: CurrentValues },
  key: string,
  ref: Omit<RemoteRef, "key">,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const read = () => {
    if (ref.metadataPolicy === "Fetch") return readTags(api, key, signal);
    return ref.version ? readValue(api, key, ref.version, signal) : currentValues.read(key, signal);
  };
  const whole = await read();
  return ref.property === undefined || ref.property === "" ? whole : requireProperty(whole, key, ref.property);
}

/** The value of a version. @throws SecretNotFound also where the secret is scheduled for deletion. */
export async function readValue(
  api: SecretsManagerApi,
  key: string,
  version: string | undefined,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const selector = version?.startsWith(VERSION_ID_PREFIX)
    ? { VersionId: version.slice(VERSION_ID_PREFIX.length) }
    : { VersionStage: version || "AWSCURRENT" };
  try {
    return payloadBytes(key, await api.getValue({ SecretId: key, ...selector }, signal));
  } catch (error) {
    if (error instanceof InvalidConfiguration && (await isScheduledForDeletion(api, key, signal))) {
      throw scheduledForDeletion(key, error);
    }
    throw error;
  }
}

/** The bytes of a value as it came, with its version; a string is UTF-8. */
export function payloadBytes(
  key: string,
  value: {
    readonly SecretString?: string | undefined;
    readonly SecretBinary?: Uint8Array | undefined;
    readonly VersionId?: string | undefined;
  },
): Uint8Array {
  if (value.SecretBinary !== undefined) return noteVersion(value.SecretBinary, value.VersionId);
  if (value.SecretString !== undefined) {
    return noteVersion(new TextEncoder().encode(value.SecretString), value.VersionId);
  }
  throw new SecretNotFound(`secret "${key}" in AWS Secrets Manager has no value yet`, { remoteKey: key });
}

/** A secret that is scheduled for deletion counts as absent: nothing but restoring it brings it back. */
export function scheduledForDeletion(key: string, cause?: SyncError): SecretNotFound {
  return new SecretNotFound(`secret "${key}" in AWS Secrets Manager is scheduled for deletion`, {
    remoteKey: key,
    remedy: "restore it, or remove the reference",
    ...(cause?.details.requestId === undefined ? {} : { requestId: cause.details.requestId }),
  });
}

/**
 * AWS refuses to read such a secret with a code that it also uses for other reasons; only its description tells. Where that
 * cannot be read, nothing is proven.
 */
async function isScheduledForDeletion(api: SecretsManagerApi, key: string, signal: AbortSignal): Promise<boolean> {
  try {
    return (await api.describe(key, signal)).DeletedDate !== undefined;
  } catch (error) {
    if (error instanceof SyncError) return false;
    throw error;
  }
}

async function readTags(api: SecretsManagerApi, key: string, signal: AbortSignal): Promise<Uint8Array> {
  const description = await api.describe(key, signal);
  if (description.DeletedDate !== undefined) throw scheduledForDeletion(key);
  return tagsJson(description.Tags);
}
