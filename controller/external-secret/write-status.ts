/** Step 6: the status, written once, when it says something new. */
import type { ExternalSecret, ExternalSecretCondition, ExternalSecretStatus } from "../../api/external-secret.ts";
import { CONDITION_READY } from "../../api/reasons.ts";
import { EXTERNAL_SECRET } from "../../api/resource-types.ts";
import { shortened, timestampOf, withCondition } from "../conditions.ts";
import type { KubeClient } from "../kube/contracts.ts";

/** What an attempt has to say. */
export interface StatusNews {
  readonly condition: Pick<ExternalSecretCondition, "status"> & { readonly reason: string; readonly message: string };
  /** Of a refresh that succeeded. */
  readonly synced?: {
    readonly version: string;
    /** Name of the Secret that was written; unset where none was. */
    readonly boundTo?: string;
    /** It changed the Secret. */
    readonly changedSecret: boolean;
  };
}

type Conditions = NonNullable<ExternalSecretStatus["conditions"]>;

/**
 * The parts of the status that differ; undefined where none does. `refreshTime` moves when the refresh changed something or
 * proved something for the first time (in this version of the ExternalSecret, or after a failure), not at each refresh.
 */
export function statusPatch(
  current: ExternalSecretStatus | undefined,
  news: StatusNews,
  nowMs: number,
): ExternalSecretStatus | undefined {
  const { status, reason, message } = news.condition;
  const before: Conditions = current?.conditions ?? [];
  const next = { type: CONDITION_READY, status, reason, message: shortened(message) } as const;
  const conditions = withCondition<Conditions[number]["type"]>(before, next, nowMs);
  const patch: ExternalSecretStatus = {
    ...(conditions === before ? {} : { conditions }),
    ...syncedPatch(current, news, conditions !== before, nowMs),
  };
  return Object.keys(patch).length === 0 ? undefined : patch;
}

function syncedPatch(
  current: ExternalSecretStatus | undefined,
  { synced }: StatusNews,
  conditionChanged: boolean,
  nowMs: number,
): ExternalSecretStatus {
  if (synced === undefined) return {};
  const { version, boundTo, changedSecret } = synced;
  const isNew = conditionChanged || changedSecret || current?.syncedResourceVersion !== version || !current.refreshTime;
  return {
    ...(current?.syncedResourceVersion === version ? {} : { syncedResourceVersion: version }),
    ...(isNew ? { refreshTime: timestampOf(nowMs) } : {}),
    ...(boundTo === undefined || current?.binding?.name === boundTo ? {} : { binding: { name: boundTo } }),
  };
}

/**
 * Writes the news, on condition that the ExternalSecret is still the same object.
 * @returns the ExternalSecret as written; undefined where there was nothing to write.
 * @throws KubeApiError
 */
export async function writeStatus(
  kube: KubeClient,
  externalSecret: ExternalSecret,
  news: StatusNews,
  nowMs: number,
  signal: AbortSignal,
): Promise<ExternalSecret | undefined> {
  const status = statusPatch(externalSecret.status, news, nowMs);
  if (status === undefined) return undefined;
  const { name, namespace = "", uid } = externalSecret.metadata;
  const patch = { metadata: { uid }, status };
  const options = { subresource: "status" } as const;
  return kube.mergePatch<ExternalSecret>(EXTERNAL_SECRET, { name, namespace }, patch, options, signal);
}
