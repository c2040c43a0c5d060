/** Step 6: the status, written once, when it says something new. */
import type { ExternalSecret, ExternalSecretEntryStatus, ExternalSecretStatus } from "../../api/external-secret.ts";
import {
  CONDITION_MESSAGES,
  CONDITION_READY,
  CONDITION_SYNCED,
  EXTERNAL_SECRET_REASONS,
  MAX_STATUS_ENTRIES,
} from "../../api/reasons.ts";
import { EXTERNAL_SECRET } from "../../api/resource-types.ts";
import type { EntryProblem } from "../../engine/entry-problems.ts";
import { shortened, timestampOf, withCondition } from "../conditions.ts";
import type { KubeClient } from "../kube/contracts.ts";
import type { ConditionNews } from "./synced-condition.ts";

type Told = Omit<ConditionNews, "status"> & { readonly status: string };

/** What an attempt has to say. */
export interface StatusNews {
  /** Of the spec that it is about; unset: not known. */
  readonly generation?: number;
  /** `Ready`. */
  readonly condition: Told;
  /** `Synced`; unset: as it was. */
  readonly syncedCondition?: Told;
  /** Entries that gave nothing; unset: not known. */
  readonly entries?: readonly EntryProblem[];
  /** Of a refresh that succeeded. */
  readonly synced?: {
    readonly version: string;
    /** Name of the Secret that was written; null: there is none; unset: as it was. */
    readonly boundTo?: string | null;
    /** It changed the Secret. */
    readonly changedSecret: boolean;
    /** Names the data that was written; unset: it is as it was. */
    readonly contentVersion?: string;
  };
}

type Conditions = NonNullable<ExternalSecretStatus["conditions"]>;
type ConditionType = Conditions[number]["type"];

/** A merge patch: null removes. */
export type StatusPatch = Omit<ExternalSecretStatus, "binding" | "entries"> & {
  readonly binding?: ExternalSecretStatus["binding"] | null;
  readonly entries?: readonly ExternalSecretEntryStatus[] | null;
};

/** Longest message of an entry. */
const MAX_ENTRY_MESSAGE_LENGTH = 300;

/**
 * The parts of the status that differ; undefined where none does. `refreshTime` moves when the refresh changed something or
 * proved something for the first time (in this version of the ExternalSecret, or after a failure), not at each refresh.
 * @param heartbeatMs after so many milliseconds it moves at a refresh that changed nothing, too; 0: at each; unset: never.
 */
export function statusPatch(
  current: StatusPatch | undefined,
  news: StatusNews,
  nowMs: number,
  heartbeatMs?: number,
): StatusPatch | undefined {
  const before: Conditions = current?.conditions ?? [];
  const ready = conditionsWith(before, CONDITION_READY, news.condition, nowMs);
  const patchWith = (conditions: Conditions): StatusPatch | undefined =>
    withGeneration(current, news.generation, {
      ...(conditions === before ? {} : { conditions }),
      ...entriesPatch(current, news),
      ...syncedPatch(current, news, conditions !== before, nowMs, heartbeatMs),
    });
  if (news.syncedCondition === undefined) return patchWith(ready);
  if (isSyncedImplied(before, news.syncedCondition) && patchWith(ready) === undefined) return undefined;
  return patchWith(conditionsWith(ready, CONDITION_SYNCED, news.syncedCondition, nowMs));
}

/** A status that has no generation, as of ESO's, gets one with the next news: that alone is worth no write. */
function withGeneration(
  current: StatusPatch | undefined,
  generation: number | undefined,
  patch: StatusPatch,
): StatusPatch | undefined {
  const isEmpty = Object.keys(patch).length === 0;
  const observed = current?.observedGeneration;
  if (generation === undefined || observed === generation) return isEmpty ? undefined : patch;
  return isEmpty && observed === undefined ? undefined : { ...patch, observedGeneration: generation };
}

/** In a status that ESO wrote: all is well, as its `Ready` says. That alone is worth no write, when a cluster is taken over. */
function isSyncedImplied(before: Conditions, { status, reason, message }: Told): boolean {
  const isPlain = reason === EXTERNAL_SECRET_REASONS.synced && message === CONDITION_MESSAGES.synced;
  return status === "True" && isPlain && !before.some(({ type }) => type === CONDITION_SYNCED);
}

function conditionsWith(before: Conditions, type: ConditionType, news: Told, nowMs: number): Conditions {
  const { status, reason, message } = news;
  return withCondition<ConditionType>(before, { type, status, reason, message: shortened(message) }, nowMs);
}

function entriesPatch(current: StatusPatch | undefined, { entries }: StatusNews): StatusPatch {
  if (entries === undefined) return {};
  const next = entries.slice(0, MAX_STATUS_ENTRIES).map(entryStatusOf);
  if (JSON.stringify(next) === JSON.stringify((current?.entries ?? []).map(inOrder))) return {};
  return { entries: next.length === 0 ? null : next };
}

function entryStatusOf({
  field,
  remoteKey,
  property,
  reason,
  message,
  instead,
}: EntryProblem): ExternalSecretEntryStatus {
  const consequence = { leftOut: "left out", default: "its default is used" };
  const told = instead === undefined ? message : `${consequence[instead]}: ${message}`;
  return inOrder({
    ...{ field, reason, key: remoteKey },
    ...(property === undefined ? {} : { property }),
    message: shortened(told, MAX_ENTRY_MESSAGE_LENGTH),
  });
}

/** The API server gives fields in another order than we do. */
function inOrder({ field, key, property, reason, message }: ExternalSecretEntryStatus): ExternalSecretEntryStatus {
  return {
    field,
    ...(key === undefined ? {} : { key }),
    ...(property === undefined ? {} : { property }),
    reason,
    ...(message === undefined ? {} : { message }),
  };
}

function syncedPatch(
  current: StatusPatch | undefined,
  { synced }: StatusNews,
  conditionChanged: boolean,
  nowMs: number,
  heartbeatMs: number | undefined,
): StatusPatch {
  if (synced === undefined) return {};
  const { version, boundTo, changedSecret, contentVersion } = synced;
  const { refreshTime, syncedResourceVersion, binding } = current ?? {};
  const isNew = conditionChanged || changedSecret || syncedResourceVersion !== version || !refreshTime;
  const isDue = heartbeatMs !== undefined && nowMs - Date.parse(refreshTime ?? "") >= heartbeatMs;
  const isBound = (binding?.name ?? "") !== "";
  return {
    ...(syncedResourceVersion === version ? {} : { syncedResourceVersion: version }),
    ...(contentVersion === undefined ? {} : { contentVersion }),
    ...(isNew || isDue ? { refreshTime: timestampOf(nowMs) } : {}),
    ...(typeof boundTo === "string" && binding?.name !== boundTo ? { binding: { name: boundTo } } : {}),
    ...(boundTo === null && isBound ? { binding: null } : {}),
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
  when: { readonly nowMs: number; readonly heartbeatMs?: number },
  signal: AbortSignal,
): Promise<ExternalSecret | undefined> {
  const { name, namespace = "", uid, generation } = externalSecret.metadata;
  const dated = generation === undefined ? news : { ...news, generation };
  const status = statusPatch(externalSecret.status, dated, when.nowMs, when.heartbeatMs);
  if (status === undefined) return undefined;
  const patch = { metadata: { uid }, status };
  const options = { subresource: "status" } as const;
  return kube.mergePatch<ExternalSecret>(EXTERNAL_SECRET, { name, namespace }, patch, options, signal);
}
