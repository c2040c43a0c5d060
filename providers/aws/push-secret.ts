/** Writes and deletes what the ownership tag marks as ours. */

import { isUtf8 } from "node:buffer";
import { randomUUID } from "node:crypto";
import type { DescribeSecretCommandOutput } from "@aws-sdk/client-secrets-manager";
import type { AwsProviderSpec } from "../../api/stores/aws.ts";
import type { PushRef } from "../contract.ts";
import { AccessDenied, InvalidConfiguration } from "../errors.ts";
import { withoutMember } from "../property/edit.ts";
import { orAbsent } from "./or-absent.ts";
import { isOurs, markedTags, OWNERSHIP_TAG, tagChanges } from "./ownership-tag.ts";
import { keepPolicy, keepReplicas, type PolicyReader, replicaRegions } from "./policy-and-replicas.ts";
import { type PushSettings, readPushSettings } from "./push-metadata.ts";
import { desiredValue, isPushed } from "./pushed-value.ts";
import { readValue } from "./read-secret.ts";
import type { SecretsManagerApi } from "./secrets-manager-api.ts";

/**
 * Creates the secret, or gives it a new version where its value differs. One that we own and that is scheduled for deletion
 * is restored first. `key` has the store's prefix already.
 * @throws AccessDenied where it is there and not ours; InvalidConfiguration for wrong metadata.
 */
export async function pushSecret(
  { api, reader }: { readonly api: SecretsManagerApi; readonly reader: PolicyReader },
  key: string,
  ref: PushRef,
  value: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  const settings = readPushSettings(ref.metadata);
  const description = await describeIfThere(api, key, signal);
  if (description === undefined) {
    await create(api, key, desiredValue(undefined, ref, value, key), settings, signal);
    await keepPolicy(api, key, settings.policy, reader, signal);
    return;
  }
  if (!isOurs(description.Tags)) {
    throw new AccessDenied(`secret "${key}" in AWS Secrets Manager is not managed by external-secrets`, {
      remoteKey: key,
      remedy: `choose another remoteKey, or tag it ${OWNERSHIP_TAG.key}=${OWNERSHIP_TAG.value}`,
    });
  }
  if (description.DeletedDate !== undefined) await api.restore(key, signal);
  await updateTags(api, key, description, settings, signal);
  await keepReplicas(api, key, description, settings, signal);
  await keepPolicy(api, key, settings.policy, reader, signal);
  const current = await valueIfThere(api, key, signal);
  if (current !== undefined && isPushed(current, ref, value)) return;
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
  if (description === undefined || !isOurs(description.Tags) || description.DeletedDate !== undefined) return;
  const current = ref.property ? await valueIfThere(api, key, signal) : undefined;
  const rest = ref.property && current !== undefined ? withoutMember(current, ref.property, key) : undefined;
  if (current !== undefined && rest !== undefined) {
    if (Buffer.compare(current, rest) !== 0)
      await putValue(api, key, rest, readPushSettings(ref.metadata).format, signal);
    return;
  }
  // AWS deletes no secret that has replicas.
  const replicas = (description.ReplicationStatus ?? []).flatMap(({ Region }) => (Region ? [Region] : []));
  if (replicas.length > 0) await api.removeReplicas(key, replicas, signal);
  await api.delete(
    {
      SecretId: key,
      ...(deletion?.forceDeleteWithoutRecovery === true ? { ForceDeleteWithoutRecovery: true } : {}),
      ...(deletion?.recoveryWindowInDays ? { RecoveryWindowInDays: deletion.recoveryWindowInDays } : {}),
    },
    signal,
  );
}

async function create(
  api: SecretsManagerApi,
  key: string,
  value: Uint8Array,
  settings: PushSettings,
  signal: AbortSignal,
): Promise<void> {
  const replicas = replicaRegions(settings.replicationLocations ?? [], settings);
  await api.create(
    {
      Name: key,
      ...payload(key, value, settings.format),
      Description: settings.description,
      KmsKeyId: settings.kmsKeyId,
      Tags: markedTags(settings.tags),
      ...(replicas.length === 0 ? {} : { AddReplicaRegions: replicas }),
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
  const { surplus, changed } = tagChanges(description.Tags, settings.tags);
  if (surplus.length > 0) await api.untag(key, surplus, signal);
  if (Object.keys(changed).length > 0) await api.tag(key, changed, signal);
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
