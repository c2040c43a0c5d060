/** What a push keeps beside a secret's value: its resource policy, and its replicas in other regions. */
import { isDeepStrictEqual } from "node:util";
import type { DescribeSecretCommandOutput, ReplicaRegionType } from "@aws-sdk/client-secrets-manager";
import type { StoreContext } from "../contract.ts";
import { InvalidConfiguration } from "../errors.ts";
import type { PushSettings } from "./push-metadata.ts";
import type { SecretsManagerApi } from "./secrets-manager-api.ts";

/** Where policies are read from. */
export type PolicyReader = Pick<StoreContext, "readConfigMapKey" | "readSecretKey">;

const FIELD = "spec.data[].metadata.spec.resourcePolicy.policySourceRef";

/** As `AddReplicaRegions` takes them; each has the secret's own key. */
export function replicaRegions(
  regions: readonly string[],
  { kmsKeyId }: Pick<PushSettings, "kmsKeyId">,
): ReplicaRegionType[] {
  return regions.map((Region) => ({ Region, KmsKeyId: kmsKeyId }));
}

/** Adds and removes replicas until they are in exactly the wanted regions; where none are named, they are left as they are. */
export async function keepReplicas(
  api: SecretsManagerApi,
  key: string,
  { ReplicationStatus = [] }: Pick<DescribeSecretCommandOutput, "ReplicationStatus">,
  settings: PushSettings,
  signal: AbortSignal,
): Promise<void> {
  const wanted = settings.replicationLocations;
  if (wanted === undefined) return;
  const present = ReplicationStatus.flatMap(({ Region }) => (Region === undefined ? [] : [Region]));
  const surplus = present.filter((region) => !wanted.includes(region));
  const missing = wanted.filter((region) => !present.includes(region));
  if (surplus.length > 0) await api.removeReplicas(key, surplus, signal);
  if (missing.length > 0) await api.addReplicas(key, replicaRegions(missing, settings), signal);
}

/**
 * Puts the policy that the metadata refers to where another one is; an empty one is removed. Where the metadata has none, the
 * secret's own is left as it is: somebody else may have set it.
 * @throws InvalidConfiguration where it is no JSON; what the reader throws.
 */
export async function keepPolicy(
  api: SecretsManagerApi,
  key: string,
  wanted: PushSettings["policy"],
  reader: PolicyReader,
  signal: AbortSignal,
): Promise<void> {
  if (wanted === undefined) return;
  const { kind, name, key: field } = wanted.source;
  const read = kind === "Secret" ? reader.readSecretKey : reader.readConfigMapKey;
  const text = new TextDecoder().decode(await read.call(reader, { name, key: field }, FIELD, signal)).trim();
  const present = await api.policy(key, signal);
  if (text === "") {
    if (present !== undefined) await api.removePolicy(key, signal);
    return;
  }
  if (present !== undefined && isDeepStrictEqual(parsed(present), policyIn(text))) return;
  policyIn(text);
  const block = wanted.blocksPublic === undefined ? {} : { BlockPublicPolicy: wanted.blocksPublic };
  await api.putPolicy({ SecretId: key, ResourcePolicy: text, ...block }, signal);
}

function policyIn(text: string): unknown {
  const policy = parsed(text);
  if (typeof policy === "object" && policy !== null && !Array.isArray(policy)) return policy;
  throw new InvalidConfiguration(`${FIELD} refers to no JSON object`, { field: FIELD, remedy: "correct the policy" });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // It is no policy then, and the message may quote it.
    return undefined;
  }
}
