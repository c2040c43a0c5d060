/** The emulated Secrets Manager: which operation a request asks for, whether the caller may, and its answer. */
import { AwsFault, type AwsRequest, type AwsResponse, jsonResponse } from "../aws-message.ts";
import { authorize, type Caller } from "./identities.ts";
import {
  batchGetSecretValue,
  describeEntry,
  type ListInput,
  listSecrets,
  replicationStatus,
  stagesByVersion,
} from "./secret-listing.ts";
import { epochSeconds, parameter, type SecretTable } from "./secret-table.ts";
import {
  addReplicas,
  createSecret,
  getSecretValue,
  putSecretValue,
  type TagInput,
  updateSecret,
  updateSecretVersionStage,
  type WriteInput,
} from "./secret-values.ts";

interface OperationInput extends WriteInput, ListInput {
  readonly TagKeys?: readonly string[];
  readonly ResourcePolicy?: string;
  readonly RemoveReplicaRegions?: readonly string[];
  readonly ForceDeleteWithoutRecovery?: boolean;
  readonly RecoveryWindowInDays?: number;
  readonly Tags?: readonly TagInput[];
}

type Operation = (table: SecretTable, input: OperationInput, caller: Caller) => object;

const DAY_MS = 86_400_000;
const DEFAULT_RECOVERY_DAYS = 30;
const MIN_RECOVERY_DAYS = 7;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  CreateSecret: createSecret,
  GetSecretValue: getSecretValue,
  PutSecretValue: putSecretValue,
  UpdateSecret: updateSecret,
  UpdateSecretVersionStage: updateSecretVersionStage,
  DescribeSecret: describeSecret,
  ListSecrets: listSecrets,
  BatchGetSecretValue: (table, input, caller) =>
    batchGetSecretValue(table, input, (id) =>
      authorize(caller, "secretsmanager:GetSecretValue", id, table.spellings(id)),
    ),
  DeleteSecret: deleteSecret,
  RestoreSecret: restoreSecret,
  TagResource: tagResource,
  UntagResource: untagResource,
  PutResourcePolicy: putResourcePolicy,
  GetResourcePolicy: (table, input) => {
    const secret = table.requireActive(input.SecretId ?? "");
    return { ARN: secret.arn, Name: secret.name, ResourcePolicy: secret.policy };
  },
  DeleteResourcePolicy: (table, input) => {
    const secret = table.requireActive(input.SecretId ?? "");
    delete secret.policy;
    return { ARN: secret.arn, Name: secret.name };
  },
  ReplicateSecretToRegions: (table, input) => {
    const secret = table.requireActive(input.SecretId ?? "");
    addReplicas(secret, input);
    return { ARN: secret.arn, ReplicationStatus: replicationStatus(secret) };
  },
  RemoveRegionsFromReplication: (table, input) => {
    const secret = table.requireActive(input.SecretId ?? "");
    for (const region of input.RemoveReplicaRegions ?? []) secret.replicas.delete(region);
    return { ARN: secret.arn, ReplicationStatus: replicationStatus(secret) };
  },
};

/** Answers one request of a caller; throws an `AwsFault` otherwise. */
export function handleSecretsManager(request: AwsRequest, caller: Caller, table: SecretTable): AwsResponse {
  const operation = OPERATIONS[request.action];
  if (operation === undefined) throw new AwsFault("UnknownOperationException", "The operation is not known.");
  const input = parseInput(request.body);
  const asked = input.SecretId ?? input.Name;
  authorize(
    caller,
    `secretsmanager:${request.action}`,
    asked ?? "*",
    asked === undefined ? [] : table.spellings(asked),
  );
  return jsonResponse(operation(table, input, caller));
}

function parseInput(body: Buffer): OperationInput {
  try {
    return JSON.parse(body.toString("utf8")) as OperationInput;
  } catch {
    throw new AwsFault("SerializationException", "The request is not valid JSON.");
  }
}

function describeSecret(table: SecretTable, input: OperationInput): object {
  const secret = table.require(input.SecretId ?? "");
  const ReplicationStatus = replicationStatus(secret);
  return { ...describeEntry(secret), ReplicationStatus, VersionIdsToStages: stagesByVersion(secret) };
}

function deleteSecret(table: SecretTable, input: OperationInput): object {
  const days = input.RecoveryWindowInDays;
  const force = input.ForceDeleteWithoutRecovery === true;
  if (force && days !== undefined) {
    throw parameter("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
  }
  if (days !== undefined && !(days >= MIN_RECOVERY_DAYS && days <= DEFAULT_RECOVERY_DAYS)) {
    throw parameter("The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).");
  }
  const id = input.SecretId ?? "";
  if ((table.find(id)?.replicas.size ?? 0) > 0) {
    throw new AwsFault("InvalidRequestException", "You can't delete secret that still has replica regions.");
  }
  if (force) {
    // AWS: a forced deletion of a secret that is gone or scheduled is no error.
    const secret = table.find(id);
    if (secret !== undefined) table.remove(secret);
    return { ARN: secret?.arn, Name: secret?.name ?? id, DeletionDate: epochSeconds(table.now()) };
  }
  const secret = table.requireActive(id);
  secret.deletedAtMs = table.now() + (days ?? DEFAULT_RECOVERY_DAYS) * DAY_MS;
  return { ARN: secret.arn, Name: secret.name, DeletionDate: epochSeconds(secret.deletedAtMs) };
}

function restoreSecret(table: SecretTable, input: OperationInput): object {
  const secret = table.require(input.SecretId ?? "");
  delete secret.deletedAtMs;
  return { ARN: secret.arn, Name: secret.name };
}

function tagResource(table: SecretTable, input: OperationInput): object {
  const secret = table.requireActive(input.SecretId ?? "");
  for (const { Key, Value } of input.Tags ?? []) secret.tags.set(Key, Value);
  return {};
}

function untagResource(table: SecretTable, input: OperationInput): object {
  const secret = table.requireActive(input.SecretId ?? "");
  for (const key of input.TagKeys ?? []) secret.tags.delete(key);
  return {};
}

function putResourcePolicy(table: SecretTable, input: OperationInput): object {
  const secret = table.requireActive(input.SecretId ?? "");
  try {
    JSON.parse(input.ResourcePolicy ?? "");
  } catch {
    throw new AwsFault("MalformedPolicyDocumentException", "This resource policy contains invalid Json.");
  }
  secret.policy = input.ResourcePolicy ?? "";
  return { ARN: secret.arn, Name: secret.name };
}
