/** Secrets Manager's operations by the official client, signed with the store's credentials. */
import type * as Sdk from "@aws-sdk/client-secrets-manager";
import type { CallLimits } from "./aws-call.ts";
import { type ConnectionOptions, clientOptions } from "./connection.ts";
import type { CredentialCache } from "./credential-cache.ts";
import { classifyAwsError, refusesOperation } from "./error-classes.ts";
import { credentialsOption, signedCalls } from "./signed-calls.ts";

/** AWS's limit of ids in one BatchGetSecretValue. */
export const MAX_BATCH_IDS = 20;

/** The operations that the backend uses; each throws a `SyncError`. */
export interface SecretsManagerApi {
  /**
   * Asks for as little as can be asked for: AWS answers, and knows the credentials. What they may read is not asked, and a
   * refusal for want of a permission proves as much as an answer.
   */
  probe(signal: AbortSignal): Promise<void>;
  getValue(input: Sdk.GetSecretValueCommandInput, signal: AbortSignal): Promise<Sdk.GetSecretValueCommandOutput>;
  describe(key: string, signal: AbortSignal): Promise<Sdk.DescribeSecretCommandOutput>;
  list(input: Sdk.ListSecretsCommandInput, signal: AbortSignal): Promise<Sdk.ListSecretsCommandOutput>;
  /** AWSCURRENT values of `MAX_BATCH_IDS` secrets at most. Undefined where the operation as such is denied or not known. */
  batchGet(ids: readonly string[], signal: AbortSignal): Promise<Sdk.BatchGetSecretValueCommandOutput | undefined>;
  create(input: Sdk.CreateSecretCommandInput, signal: AbortSignal): Promise<void>;
  putValue(input: Sdk.PutSecretValueCommandInput, signal: AbortSignal): Promise<void>;
  tag(key: string, tags: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void>;
  untag(key: string, tagKeys: readonly string[], signal: AbortSignal): Promise<void>;
  restore(key: string, signal: AbortSignal): Promise<void>;
  delete(input: Sdk.DeleteSecretCommandInput, signal: AbortSignal): Promise<void>;
  /** The resource policy, as JSON; undefined where there is none. */
  policy(key: string, signal: AbortSignal): Promise<string | undefined>;
  putPolicy(input: Sdk.PutResourcePolicyCommandInput, signal: AbortSignal): Promise<void>;
  removePolicy(key: string, signal: AbortSignal): Promise<void>;
  addReplicas(key: string, regions: Sdk.ReplicaRegionType[], signal: AbortSignal): Promise<void>;
  removeReplicas(key: string, regions: readonly string[], signal: AbortSignal): Promise<void>;
  close(): void;
}

interface SendOptions {
  readonly abortSignal: AbortSignal;
}

/** Connects lazily: no request is sent before the first operation. */
export async function openSecretsManagerApi(
  connection: ConnectionOptions,
  limits: CallLimits,
  credentials: CredentialCache,
): Promise<SecretsManagerApi> {
  const sdk = await import("@aws-sdk/client-secrets-manager");
  const client = new sdk.SecretsManagerClient({
    ...(await clientOptions(connection, connection.secretsManagerEndpoint)),
    credentials: credentialsOption(credentials),
  });
  const call = signedCalls("secretsmanager", limits, credentials);
  return {
    async probe(signal) {
      await call("ListSecrets", undefined, signal, async (o) => {
        try {
          await client.send(new sdk.ListSecretsCommand({ MaxResults: 1 }), o);
        } catch (error) {
          if (classifyAwsError(error).code !== "AccessDenied") throw error;
        }
      });
    },
    getValue: (input, signal) =>
      call("GetSecretValue", input.SecretId, signal, (o) => client.send(new sdk.GetSecretValueCommand(input), o)),
    describe: (key, signal) =>
      call("DescribeSecret", key, signal, (o) => client.send(new sdk.DescribeSecretCommand({ SecretId: key }), o)),
    list: (input, signal) =>
      call("ListSecrets", undefined, signal, (o) => client.send(new sdk.ListSecretsCommand(input), o)),
    batchGet: (ids, signal) =>
      call("BatchGetSecretValue", undefined, signal, async (o) => {
        try {
          return await client.send(new sdk.BatchGetSecretValueCommand({ SecretIdList: [...ids] }), o);
        } catch (error) {
          if (refusesOperation(error)) return undefined;
          throw error;
        }
      }),
    async create(input, signal) {
      await call("CreateSecret", input.Name, signal, (o) => client.send(new sdk.CreateSecretCommand(input), o));
    },
    async putValue(input, signal) {
      await call("PutSecretValue", input.SecretId, signal, (o) => client.send(new sdk.PutSecretValueCommand(input), o));
    },
    async tag(key, tags, signal) {
      const input = { SecretId: key, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
      await call("TagResource", key, signal, (o) => client.send(new sdk.TagResourceCommand(input), o));
    },
    async untag(key, tagKeys, signal) {
      const input = { SecretId: key, TagKeys: [...tagKeys] };
      await call("UntagResource", key, signal, (o) => client.send(new sdk.UntagResourceCommand(input), o));
    },
    async restore(key, signal) {
      await call("RestoreSecret", key, signal, (o) => client.send(new sdk.RestoreSecretCommand({ SecretId: key }), o));
    },
    async delete(input, signal) {
      await call("DeleteSecret", input.SecretId, signal, (o) => client.send(new sdk.DeleteSecretCommand(input), o));
    },
    async policy(key, signal) {
      const input = { SecretId: key };
      const send = (o: SendOptions) => client.send(new sdk.GetResourcePolicyCommand(input), o);
      return (await call("GetResourcePolicy", key, signal, send)).ResourcePolicy || undefined;
    },
    async putPolicy(input, signal) {
      const send = (o: SendOptions) => client.send(new sdk.PutResourcePolicyCommand(input), o);
      await call("PutResourcePolicy", input.SecretId, signal, send);
    },
    async removePolicy(key, signal) {
      const send = (o: SendOptions) => client.send(new sdk.DeleteResourcePolicyCommand({ SecretId: key }), o);
      await call("DeleteResourcePolicy", key, signal, send);
    },
    async addReplicas(key, regions, signal) {
      const input = { SecretId: key, AddReplicaRegions: regions };
      const send = (o: SendOptions) => client.send(new sdk.ReplicateSecretToRegionsCommand(input), o);
      await call("ReplicateSecretToRegions", key, signal, send);
    },
    async removeReplicas(key, regions, signal) {
      const input = { SecretId: key, RemoveReplicaRegions: [...regions] };
      const send = (o: SendOptions) => client.send(new sdk.RemoveRegionsFromReplicationCommand(input), o);
      await call("RemoveRegionsFromReplication", key, signal, send);
    },
    close: () => client.destroy(),
  };
}
