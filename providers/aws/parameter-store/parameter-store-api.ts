/** Parameter Store's operations by the official client, signed with the store's credentials. */
import type * as Sdk from "@aws-sdk/client-ssm";
import type { CallLimits } from "../aws-call.ts";
import { type ConnectionOptions, clientOptions } from "../connection.ts";
import type { CredentialCache } from "../credential-cache.ts";
import { classifyAwsError } from "../error-classes.ts";
import type { Tag } from "../ownership-tag.ts";
import { credentialsOption, signedCalls } from "../signed-calls.ts";

/** The operations that the backend uses; each throws a `SyncError`. Values are read decrypted. */
export interface ParameterStoreApi {
  /** As `SecretsManagerApi.probe`. */
  probe(signal: AbortSignal): Promise<void>;
  /** `selector`: a version or a label. */
  get(name: string, selector: string | undefined, signal: AbortSignal): Promise<Sdk.Parameter | undefined>;
  /** At most ten; what is not there is left out. */
  getMany(names: readonly string[], signal: AbortSignal): Promise<readonly Sdk.Parameter[]>;
  byPath(
    input: Sdk.GetParametersByPathCommandInput,
    signal: AbortSignal,
  ): Promise<Sdk.GetParametersByPathCommandOutput>;
  describe(
    input: Sdk.DescribeParametersCommandInput,
    signal: AbortSignal,
  ): Promise<Sdk.DescribeParametersCommandOutput>;
  put(input: Sdk.PutParameterCommandInput, signal: AbortSignal): Promise<void>;
  delete(name: string, signal: AbortSignal): Promise<void>;
  tags(name: string, signal: AbortSignal): Promise<readonly Tag[]>;
  tag(name: string, tags: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void>;
  untag(name: string, tagKeys: readonly string[], signal: AbortSignal): Promise<void>;
  close(): void;
}

/** Connects lazily: no request is sent before the first operation. */
export async function openParameterStoreApi(
  connection: ConnectionOptions,
  limits: CallLimits,
  credentials: CredentialCache,
): Promise<ParameterStoreApi> {
  const sdk = await import("@aws-sdk/client-ssm");
  const client = new sdk.SSMClient({
    ...(await clientOptions(connection, connection.ssmEndpoint)),
    credentials: credentialsOption(credentials),
  });
  const call = signedCalls("ssm", limits, credentials);
  return {
    async probe(signal) {
      await call("DescribeParameters", undefined, signal, async (o) => {
        try {
          await client.send(new sdk.DescribeParametersCommand({ MaxResults: 1 }), o);
        } catch (error) {
          if (classifyAwsError(error).code !== "AccessDenied") throw error;
        }
      });
    },
    async get(name, selector, signal) {
      const Name = selector === undefined || selector === "" ? name : `${name}:${selector}`;
      const answer = await call("GetParameter", name, signal, (o) =>
        client.send(new sdk.GetParameterCommand({ Name, WithDecryption: true }), o),
      );
      return answer.Parameter;
    },
    async getMany(names, signal) {
      const answer = await call("GetParameters", undefined, signal, (o) =>
        client.send(new sdk.GetParametersCommand({ Names: [...names], WithDecryption: true }), o),
      );
      return answer.Parameters ?? [];
    },
    byPath: (input, signal) =>
      call("GetParametersByPath", undefined, signal, (o) =>
        client.send(new sdk.GetParametersByPathCommand({ ...input, WithDecryption: true }), o),
      ),
    describe: (input, signal) =>
      call("DescribeParameters", undefined, signal, (o) => client.send(new sdk.DescribeParametersCommand(input), o)),
    ...writes(sdk, client, call),
    close: () => client.destroy(),
  };
}

function writes(
  sdk: typeof Sdk,
  client: Sdk.SSMClient,
  call: ReturnType<typeof signedCalls>,
): Pick<ParameterStoreApi, "put" | "delete" | "tags" | "tag" | "untag"> {
  const resource = (ResourceId: string) => ({ ResourceType: "Parameter", ResourceId }) as const;
  return {
    async put(input, signal) {
      await call("PutParameter", input.Name, signal, (o) => client.send(new sdk.PutParameterCommand(input), o));
    },
    async delete(name, signal) {
      await call("DeleteParameter", name, signal, (o) =>
        client.send(new sdk.DeleteParameterCommand({ Name: name }), o),
      );
    },
    async tags(name, signal) {
      const answer = await call("ListTagsForResource", name, signal, (o) =>
        client.send(new sdk.ListTagsForResourceCommand(resource(name)), o),
      );
      return answer.TagList ?? [];
    },
    async tag(name, tags, signal) {
      const input = { ...resource(name), Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
      await call("AddTagsToResource", name, signal, (o) => client.send(new sdk.AddTagsToResourceCommand(input), o));
    },
    async untag(name, tagKeys, signal) {
      const input = { ...resource(name), TagKeys: [...tagKeys] };
      await call("RemoveTagsFromResource", name, signal, (o) =>
        client.send(new sdk.RemoveTagsFromResourceCommand(input), o),
      );
    },
  };
}
