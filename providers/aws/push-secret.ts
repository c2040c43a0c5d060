/** Writes and deletes what the ownership tag marks as ours. */

import { isUtf8 } from "node:buffer";
import { randomUUID } from "node:crypto";
import type { DescribeSecretCommandOutput } from "@aws-sdk/client-secrets-manager";
import type { AwsProviderSpec } from "../../api/stores/aws.ts";
import type { PushRef } from "../contract.ts";
import { AccessDenied, InvalidConfiguration, SecretNotFound } from "../errors.ts";
import { bytesOf } from "../property/byte-text.ts";
import { withMember, withoutMember } from "../property/edit.ts";
import { memberOf } from "../property/index.ts";
import { textOf } from "../property/json-value.ts";
import { OWNERSHIP_TAG, type PushSettings, readPushSettings } from "./push-metadata.ts";
import { readValue } from "./read-secret.ts";
import type { SecretsManagerApi } from "./secrets-manager-api.ts";

/**
 * Creates the secret, or gives it a new version where its value differs. One that we own and that is scheduled for deletion
 * is restored first. `key` has the store's prefix already.
 * @throws AccessDenied where it is there and not ours; InvalidConfiguration for wrong metadata.
 */
export async function pushSecret(
  api: SecretsManagerApi,
  key: string,
  ref: PushRef,
  value: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  const settings = readPushSettings(ref.metadata);
  const description = await describeIfThere(api, key, signal);
  if (description === undefined) {
    await create(api, key, desiredValue(undefined, ref, value, key), settings, signal);
    return;
  }
  if (!isOurs(description)) {
    throw new AccessDenied(`secret "${key}" in AWS Secrets Manager is not managed by external-secrets`, {
      remoteKey: key,
      remedy: `choose another remoteKey, or tag it ${OWNERSHIP_TAG.key}=${OWNERSHIP_TAG.value}`,
    });
  }
  if (description.DeletedDate !== undefined) await api.restore(key, signal);
  await updateTags(api, key, description, settings, signal);
  const current = await valueIfThere(api, key, signal);
  if (current !== undefined && isEqual(current, ref, value)) return;
  await putValue(api, key, desiredValue(current, ref, value, key), settings.format, signal);
}

/**
 * Deletes the secret, or with a property only that key of it while others are left. What is absent, already scheduled for
 * deletion, or not ours is left as it is.
 */
export async function deleteSecret(
  api: SecretsManagerApi,
  key: string,
  ref: PushRef,
  deletion: AwsProviderSpec["secretsManager"],
  signal: AbortSignal,
): Promise<void> {
  const description = await describeIfThere(api, key, signal);
  if (description === undefined || !isOurs(description) || description.DeletedDate !== undefined) return;
  const current = ref.property ? await valueIfThere(api, key, signal) : undefined;
  const rest = ref.property && current !== undefined ? withoutMember(current, ref.property, key) : undefined;
  if (current !== undefined && rest !== undefined) {
    if (Buffer.compare(current, rest) !== 0)
      await putValue(api, key, rest, readPushSettings(ref.metadata).format, signal);
    return;
  }
  await api.delete(
    {
      SecretId: key,
      ...(deletion?.forceDeleteWithoutRecovery === true ? { ForceDeleteWithoutRecovery: true } : {}),
      ...(deletion?.recoveryWindowInDays ? { RecoveryWindowInDays: deletion.recoveryWindowInDays } : {}),
    },
    signal,
  );
}

/** A JSON string is compared by what it says, however it is written. */
function isEqual(current: Uint8Array, ref: PushRef, value: Uint8Array): boolean {
  if (!ref.property) return Buffer.compare(current, value) === 0;
  const member = memberOf(current, ref.property);
  return member?.kind === "string" && Buffer.compare(bytesOf(textOf(member)), value) === 0;
}

function desiredValue(current: Uint8Array | undefined, ref: PushRef, value: Uint8Array, key: string): Uint8Array {
  return ref.property ? withMember(current, ref.property, value, key) : value;
}

async function create(
  api: SecretsManagerApi,
  key: string,
  value: Uint8Array,
  settings: PushSettings,
  signal: AbortSignal,
): Promise<void> {
  const tags = { ...settings.tags, [OWNERSHIP_TAG.key]: OWNERSHIP_TAG.value };
  await api.create(
    {
      Name: key,
      ...payload(key, value, settings.format),
      Description: settings.description,
      KmsKeyId: settings.kmsKeyId,
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      // Makes a repeated attempt harmless.
      ClientRequestToken: randomUUID(),
    },
    signal,
  );
}

async function putValue(
  api: SecretsManagerApi,
  key: string,
  value: Uint8Array,
  format: PushSettings["format"],
  signal: AbortSignal,
): Promise<void> {
  const input = { SecretId: key, ClientRequestToken: randomUUID(), ...payload(key, value, format) };
  await api.putValue(input, signal);
}

function payload(key: string, value: Uint8Array, format: PushSettings["format"]) {
  if (format === "binary") return { SecretBinary: value };
  if (!isUtf8(value)) {
    throw new InvalidConfiguration(`the value for "${key}" is binary, which secretPushFormat string cannot hold`, {
      remoteKey: key,
      field: "spec.data[].metadata.spec.secretPushFormat",
      remedy: "set it to binary",
    });
  }
  return { SecretString: new TextDecoder("utf-8", { ignoreBOM: true }).decode(value) };
}

async function updateTags(
  api: SecretsManagerApi,
  key: string,
  description: DescribeSecretCommandOutput,
  settings: PushSettings,
  signal: AbortSignal,
): Promise<void> {
  if (settings.tags === undefined) return;
  const desired: Readonly<Record<string, string>> = { ...settings.tags, [OWNERSHIP_TAG.key]: OWNERSHIP_TAG.value };
  const current = new Map((description.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
  const surplus = [...current.keys()].filter((name) => desired[name] === undefined && !name.startsWith("aws:"));
  const changed = Object.entries(desired).filter(([name, value]) => current.get(name) !== value);
  if (surplus.length > 0) await api.untag(key, surplus, signal);
  if (changed.length > 0) await api.tag(key, Object.fromEntries(changed), signal);
}

function isOurs(description: DescribeSecretCommandOutput): boolean {
  return (description.Tags ?? []).some(({ Key, Value }) => Key === OWNERSHIP_TAG.key && Value === OWNERSHIP_TAG.value);
}

async function describeIfThere(
  api: SecretsManagerApi,
  key: string,
  signal: AbortSignal,
): Promise<DescribeSecretCommandOutput | undefined> {
  return orAbsent(api.describe(key, signal));
}

async function valueIfThere(api: SecretsManagerApi, key: string, signal: AbortSignal): Promise<Uint8Array | undefined> {
  return orAbsent(readValue(api, key, undefined, signal));
}

/** Only AWS's own word that it is not there counts as absent. */
async function orAbsent<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof SecretNotFound) return undefined;
    throw error;
  }
}
