/** Writes and deletes what the ownership tag marks as ours. */
import type { PushRef } from "../contract.ts";
import { AccessDenied, InvalidConfiguration, SecretNotFound, Transient } from "../errors.ts";
import { selectProperty } from "../property/index.ts";
import type { KeyVaultApi } from "./key-vault-api.ts";
import { NameTaken } from "./key-vault-error.ts";
import { type ObjectKey, objectKeyOf } from "./object-key.ts";
import { pushCertificate } from "./push-certificate.ts";
import { pushKey } from "./push-key.ts";
import { isOurs, MARK, readPushSettings } from "./push-metadata.ts";
import { pushValue, withoutProperty } from "./push-value.ts";
import { bytesOfObject } from "./read.ts";
import { deleteObject, readDeleted, readObject, recoverObject, type VaultObject } from "./vault-objects.ts";

/** A recovery takes the vault a few seconds. */
const RECOVERY_TRIES = 5;
const RECOVERY_WAIT_MS = 1_000;

/**
 * Sets the secret, or imports the certificate or key, where it differs from what is there. One of ours that is deleted and
 * still kept is recovered first.
 * @throws AccessDenied where it is there and not ours; InvalidConfiguration for wrong metadata or a value of the wrong form.
 */
export async function pushSecret(
  api: KeyVaultApi,
  ref: PushRef,
  value: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  const key = objectKeyOf(ref.remoteKey);
  refuseProperty(key, ref);
  const settings = readPushSettings(ref.metadata, key.kind);
  const write = async (current: VaultObject | undefined) => {
    if (current !== undefined && !isOurs(current)) throw notOurs(ref.remoteKey);
    const wanted = { api, key, current, value, settings };
    if (key.kind === "certificates") await pushCertificate(wanted, signal);
    else if (key.kind === "keys") await pushKey(wanted, signal);
    else await pushValue({ ...wanted, property: ref.property }, signal);
  };
  try {
    await write(await unlessAbsent(readObject(api, key, undefined, signal)));
  } catch (error) {
    if (!(error instanceof NameTaken)) throw error;
    await write(await recover(api, key, error, signal));
  }
}

/**
 * Deletes the object, or with a property that key of it while others are left. What is absent or not ours stays as it is.
 */
export async function deleteSecret(api: KeyVaultApi, ref: PushRef, signal: AbortSignal): Promise<void> {
  const key = objectKeyOf(ref.remoteKey);
  refuseProperty(key, ref);
  const current = await unlessAbsent(readObject(api, key, undefined, signal));
  if (current === undefined || !isOurs(current)) return;
  if (ref.property && (await withoutProperty(api, key, current, ref.property, signal))) return;
  await unlessAbsent(deleteObject(api, key, signal));
}

/** Whether the object, and the property in it, is there, with our mark or without. */
export async function secretExists(api: KeyVaultApi, ref: PushRef, signal: AbortSignal): Promise<boolean> {
  const key = objectKeyOf(ref.remoteKey);
  const current = await unlessAbsent(readObject(api, key, undefined, signal));
  if (current === undefined) return false;
  return !ref.property || selectProperty(bytesOfObject(key, current), ref.property) !== undefined;
}

async function recover(
  api: KeyVaultApi,
  key: ObjectKey,
  taken: NameTaken,
  signal: AbortSignal,
): Promise<VaultObject | undefined> {
  const deleted = await unlessAbsent(readDeleted(api, key, signal));
  if (deleted === undefined || !isOurs(deleted)) throw taken;
  await recoverObject(api, key, signal);
  for (let tries = 0; tries < RECOVERY_TRIES; tries++) {
    const current = await unlessAbsent(readObject(api, key, undefined, signal));
    if (current !== undefined) return current;
    await api.sleep(RECOVERY_WAIT_MS, signal);
  }
  throw new Transient(`"${key.remoteKey}" is still being recovered in Azure Key Vault`, { remoteKey: key.remoteKey });
}

function refuseProperty({ kind, remoteKey }: ObjectKey, { property }: PushRef): void {
  if (kind === "secrets" || !property) return;
  throw new InvalidConfiguration(`"${remoteKey}" has no properties that could be written`, {
    remoteKey,
    property,
    remedy: "remove remoteRef.property, or push to a secret",
  });
}

function notOurs(remoteKey: string): AccessDenied {
  return new AccessDenied(`"${remoteKey}" in Azure Key Vault is not managed by external-secrets`, {
    remoteKey,
    remedy: `choose another remoteKey, or tag it ${MARK.key}=${MARK.value}`,
  });
}

/** Only the vault's own word that it is not there counts as absent. */
async function unlessAbsent<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof SecretNotFound) return undefined;
    throw error;
  }
}
