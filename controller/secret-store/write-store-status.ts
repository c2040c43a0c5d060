/** Writes what was found out about a store into its status, when it says something new. */
import { CONDITION_READY } from "../../api/reasons.ts";
import { CLUSTER_SECRET_STORE, SECRET_STORE } from "../../api/resource-types.ts";
import type { SecretStore, SecretStoreStatusCondition } from "../../api/secret-store.ts";
import { conditionOf, shortened, withCondition } from "../conditions.ts";
import type { KubeClient } from "../kube/contracts.ts";
import type { OpenableStore } from "../store-clients/store-clients.ts";
import type { StoreVerdict } from "./validate-store.ts";

/** The condition before and after, and the store as the API server has it now. */
export interface WrittenStoreStatus {
  readonly before: SecretStoreStatusCondition | undefined;
  readonly store: SecretStore;
}

/**
 * One merge patch on the status, conditional on the store being the same object.
 * @returns undefined where the status already says it, and nothing was written.
 * @throws KubeApiError
 */
export async function writeStoreStatus(
  kube: KubeClient,
  { object, identity }: OpenableStore,
  verdict: StoreVerdict,
  nowMs: number,
  signal: AbortSignal,
): Promise<WrittenStoreStatus | undefined> {
  const current = object.status?.conditions ?? [];
  const { status, reason } = verdict;
  const next = { type: CONDITION_READY, status, reason, message: shortened(verdict.message) };
  const conditions = withCondition<string>(current, next, nowMs);
  const sameCapabilities = verdict.capabilities === undefined || verdict.capabilities === object.status?.capabilities;
  if (conditions === current && sameCapabilities) return undefined;
  const { name, namespace, uid } = object.metadata;
  const store = await kube.mergePatch<SecretStore>(
    identity.kind === "SecretStore" ? SECRET_STORE : CLUSTER_SECRET_STORE,
    { name, ...(namespace === undefined ? {} : { namespace }) },
    {
      metadata: { uid },
      status: { conditions, ...(verdict.capabilities === undefined ? {} : { capabilities: verdict.capabilities }) },
    },
    { subresource: "status" },
    signal,
  );
  return { before: conditionOf(current, CONDITION_READY), store };
}
