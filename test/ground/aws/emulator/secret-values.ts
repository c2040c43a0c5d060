/** Emulated operations on values and versions. */
import { AwsFault } from "../aws-message.ts";
import {
  epochSeconds,
  missing,
  moveStage,
  parameter,
  type SecretPayload,
  type SecretTable,
  type SecretVersion,
  type StoredSecret,
  stageHolder,
} from "./secret-table.ts";

/** A tag as the protocol writes it. */
export interface TagInput {
  readonly Key: string;
  readonly Value: string;
}

/** Input of CreateSecret, PutSecretValue and UpdateSecret. */
export interface WriteInput extends SecretPayload {
  readonly Name?: string;
  readonly SecretId?: string;
  readonly Description?: string;
  readonly KmsKeyId?: string;
  readonly Tags?: readonly TagInput[];
  readonly ClientRequestToken?: string;
  readonly VersionStages?: readonly string[];
  readonly AddReplicaRegions?: readonly { readonly Region: string; readonly KmsKeyId?: string }[];
}

/** Of CreateSecret and ReplicateSecretToRegions. */
export function addReplicas(secret: StoredSecret, { AddReplicaRegions = [] }: WriteInput): void {
  for (const { Region, KmsKeyId = "" } of AddReplicaRegions) {
    if (secret.replicas.has(Region)) throw parameter(`The secret is replicated to ${Region} already.`);
    secret.replicas.set(Region, KmsKeyId);
  }
}

/** CreateSecret; repeating it with the same token and payload gives the same answer. */
export function createSecret(table: SecretTable, input: WriteInput): object {
  const name = input.Name ?? "";
  const token = input.ClientRequestToken;
  const existing = table.find(name);
  const isRepeat =
    existing !== undefined && existing.deletedAtMs === undefined && token !== undefined && existing.versions.has(token);
  const secret = isRepeat ? existing : table.create(name);
  if (!isRepeat) describe(secret, input);
  if (!isRepeat) addReplicas(secret, input);
  if (!isRepeat) for (const { Key, Value } of input.Tags ?? []) secret.tags.set(Key, Value);
  if (!hasPayload(input)) return { ARN: secret.arn, Name: secret.name };
  try {
    return named(secret, table.addVersion(secret, payloadOf(input), token));
  } catch (error) {
    if (!isRepeat) table.remove(secret);
    throw error;
  }
}

/** PutSecretValue. */
export function putSecretValue(table: SecretTable, input: WriteInput): object {
  const secret = table.requireActive(input.SecretId ?? "");
  if (!hasPayload(input))
    throw new AwsFault("InvalidRequestException", "You must provide either SecretString or SecretBinary.");
  const version = table.addVersion(secret, payloadOf(input), input.ClientRequestToken, input.VersionStages);
  return { ...named(secret, version), VersionStages: [...version.stages] };
}

/** UpdateSecret. */
export function updateSecret(table: SecretTable, input: WriteInput): object {
  const secret = table.requireActive(input.SecretId ?? "");
  describe(secret, input);
  secret.changedAtMs = table.now();
  if (!hasPayload(input)) return { ARN: secret.arn, Name: secret.name };
  return named(secret, table.addVersion(secret, payloadOf(input), input.ClientRequestToken));
}

/** GetSecretValue. */
export function getSecretValue(
  table: SecretTable,
  input: { readonly SecretId?: string; readonly VersionId?: string; readonly VersionStage?: string },
): object {
  const secret = table.requireActive(input.SecretId ?? "");
  const version = selectVersion(secret, input.VersionId, input.VersionStage);
  return valueEntry(secret, version);
}

/** One value as GetSecretValue and BatchGetSecretValue give it. */
export function valueEntry(secret: StoredSecret, version: SecretVersion): object {
  return {
    ...named(secret, version),
    ...version.payload,
    VersionStages: [...version.stages],
    CreatedDate: epochSeconds(version.createdAtMs),
  };
}

/** UpdateSecretVersionStage. */
export function updateSecretVersionStage(
  table: SecretTable,
  input: {
    readonly SecretId?: string;
    readonly VersionStage?: string;
    readonly MoveToVersionId?: string;
    readonly RemoveFromVersionId?: string;
  },
): object {
  const secret = table.requireActive(input.SecretId ?? "");
  const stage = input.VersionStage ?? "";
  const holder = stageHolder(secret, stage);
  if (holder !== undefined && holder.id !== input.MoveToVersionId && holder.id !== input.RemoveFromVersionId) {
    throw parameter(
      `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${holder.id}, so you must explicitly reference that version in RemoveFromVersionId.`,
    );
  }
  if (input.MoveToVersionId === undefined) {
    if (stage === "AWSCURRENT") {
      throw parameter(
        "You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed.",
      );
    }
    holder?.stages.delete(stage);
  } else {
    moveStage(secret, stage, selectVersion(secret, input.MoveToVersionId, undefined));
  }
  secret.changedAtMs = table.now();
  return { ARN: secret.arn, Name: secret.name };
}

/** The version that is asked for; without any wish, that of AWSCURRENT. @throws AwsFault */
export function selectVersion(secret: StoredSecret, id: string | undefined, stage: string | undefined): SecretVersion {
  if (id === undefined) {
    const label = stage ?? "AWSCURRENT";
    const version = stageHolder(secret, label);
    if (version === undefined) {
      throw missing(`Secrets Manager can't find the specified secret value for staging label: ${label}`);
    }
    return version;
  }
  const version = secret.versions.get(id);
  if (version === undefined)
    throw missing(`Secrets Manager can't find the specified secret value for VersionId: ${id}`);
  if (stage !== undefined && !version.stages.has(stage)) {
    throw new AwsFault(
      "InvalidRequestException",
      "You provided a VersionStage that is not associated to the provided VersionId.",
    );
  }
  return version;
}

function describe(secret: StoredSecret, input: WriteInput): void {
  if (input.Description !== undefined) secret.description = input.Description;
  if (input.KmsKeyId !== undefined) secret.kmsKeyId = input.KmsKeyId;
}

function named(secret: StoredSecret, version: SecretVersion): object {
  return { ARN: secret.arn, Name: secret.name, VersionId: version.id };
}

function hasPayload(input: WriteInput): boolean {
  return input.SecretString !== undefined || input.SecretBinary !== undefined;
}

function payloadOf(input: WriteInput): SecretPayload {
  return {
    ...(input.SecretString === undefined ? {} : { SecretString: input.SecretString }),
    ...(input.SecretBinary === undefined ? {} : { SecretBinary: input.SecretBinary }),
  };
}
