/** One pass over an ExternalSecret: resolve its stores, decide, fetch, apply, prune, write the status, plan the next pass. */
import type { Clock } from "../../api/clock.ts";
import { parseDurationMs } from "../../api/duration.ts";
import type { ExternalSecret } from "../../api/external-secret.ts";
import { CONDITION_READY, EXTERNAL_SECRET_REASONS, GENERIC_TARGET_REASONS } from "../../api/reasons.ts";
import { targetNameOf } from "../../engine/desired-secret.ts";
import { genericTargetOf } from "../../engine/generic-target.ts";
import { syncedResourceVersion } from "../../engine/hashes.ts";
import { windowOpensInMs } from "../../engine/sync-windows/index.ts";
import type { Caches } from "../cache/caches.ts";
import { conditionOf } from "../conditions.ts";
import type { KubeClient, Logger, WorkQueue } from "../kube/contracts.ts";
import { keyOf, splitKey } from "../kube/object-key.ts";
import type { ControllerMetrics } from "../metrics.ts";
import type { RetryDelays } from "../retry-delays.ts";
import {
  decideRefresh,
  driftReason,
  editIsIgnored,
  nextRefreshInMs,
  type RefreshFacts,
  type RefreshReason,
} from "./decide-refresh.ts";
import { releaseFinalizer } from "./finalizer.ts";
import { tellIgnoredEdit, tellSeenEdit } from "./ignored-edit.ts";
import type { RefreshMemory } from "./memory.ts";
import type { NextAttempt } from "./outcome.ts";
import { isOwnedBy } from "./ownership.ts";
import { dueAfterMs, refreshOffsetMs, sharedAgeMs } from "./refresh-schedule.ts";
import { type ReportParts, report } from "./report.ts";
import { type ResolvedStores, type ResolveStoreParts, resolveStores } from "./resolve-store.ts";
import { type Occasion, type SyncParts, sync } from "./sync.ts";
import { templateVersions } from "./template-inputs.ts";

export interface ExternalSecretReconcilerParts extends ReportParts, SyncParts {
  readonly kube: KubeClient;
  readonly caches: Caches;
  readonly options: ResolveStoreParts["options"] & ReportParts["options"];
  readonly queue: WorkQueue;
  readonly delays: RetryDelays;
  readonly memory: RefreshMemory;
  readonly metrics: ControllerMetrics;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** ESO's default, which the CRD fills in as well. */
const DEFAULT_REFRESH_INTERVAL = "1h0m0s";
/** A store that is about to be validated is looked at again after this time, if it tells nothing before. */
const PENDING_RETRY_MS = 2_000;

/**
 * Works on the ExternalSecret of that key.
 * @throws KubeApiError where the status cannot be written; the signal's reason.
 */
export async function reconcileExternalSecret(
  parts: ExternalSecretReconcilerParts,
  key: string,
  signal: AbortSignal,
): Promise<void> {
  const externalSecret = parts.caches.currentExternalSecrets.get(key);
  if (externalSecret === undefined) return letGo(parts, key);
  if (externalSecret.metadata.deletionTimestamp !== undefined) {
    return releaseFinalizer(parts.kube, externalSecret, signal);
  }
  const nowMs = parts.clock.now();
  const resolved = resolveStores({ ...parts, nowMs }, externalSecret);
  const stores = { ...resolved, versions: `${resolved.versions} ${templateVersions(parts.caches, externalSecret)}` };
  if (stores.isForeign) return;
  const target = await targetFacts(parts, externalSecret, signal);
  const facts = refreshFacts(parts, key, externalSecret, { stores, target, nowMs });
  const reason = decideRefresh(facts);
  if (reason === undefined) {
    const tell = editIsIgnored(facts) ? tellIgnoredEdit : tellSeenEdit;
    reportUnchanged(parts, await tell(parts, externalSecret, signal));
    return plan(parts, key, { on: "interval" }, facts);
  }
  if (stores.isPending) return plan(parts, key, { on: "delay", ms: PENDING_RETRY_MS }, facts);
  await refresh(parts, { key, externalSecret, stores, facts, reason }, signal);
}

interface Attempt {
  readonly key: string;
  readonly externalSecret: ExternalSecret;
  readonly stores: ResolvedStores;
  readonly facts: RefreshFacts;
  readonly reason: RefreshReason;
}

async function refresh(parts: ExternalSecretReconcilerParts, attempt: Attempt, signal: AbortSignal): Promise<void> {
  const { key, externalSecret, stores, facts, reason } = attempt;
  parts.logger.debug("refreshing", { externalSecret: key, reason });
  const result = await sync(parts, externalSecret, stores, occasionOf(parts, attempt), signal);
  const endedAtMs = parts.clock.now();
  if ("askAgainInMs" in result) {
    parts.logger.info("a secret is gone from the backend; it is asked again", { externalSecret: key });
    return plan(parts, key, { on: "delay", ms: result.askAgainInMs }, facts);
  }
  const { outcome, changedSecret, boundTo, contentVersion, entries, dataDigest } = result;
  const synced = {
    ...{ version: facts.currentVersion, changedSecret },
    ...(boundTo === undefined ? {} : { boundTo }),
    ...(contentVersion === undefined ? {} : { contentVersion }),
  };
  const told = { ...(outcome.failed ? {} : { synced }), ...(entries === undefined ? {} : { entries }) };
  // First what was written, then what is remembered: an unwritten status is tried again.
  await report(parts, externalSecret, outcome, told, signal);
  parts.metrics.observeReconcile(subjectOf(externalSecret), endedAtMs - facts.nowMs);
  if (changedSecret) parts.metrics.observePropagation(endedAtMs - facts.nowMs);
  if (!outcome.failed) {
    parts.memory.note(key, externalSecret, { atMs: endedAtMs, inputVersions: stores.versions, dataDigest });
    parts.delays.reset(key);
  }
  const dueAtMs = dueAfterMs(endedAtMs, facts.refreshIntervalMs, refreshOffsetMs(externalSecret));
  plan(parts, key, outcome.next, { ...facts, dueAtMs, nowMs: endedAtMs });
}

/** What comes due by the interval alone may share reads with others, and needs no work where they bring nothing new. */
function occasionOf(
  { memory }: ExternalSecretReconcilerParts,
  { key, externalSecret, facts, reason }: Attempt,
): Occasion {
  const isEdited = facts.currentVersion !== facts.syncedVersion;
  if (reason !== "refreshIntervalElapsed") return { isEdited, maxAgeMs: 0, settledDigest: undefined };
  const isSettled = driftReason(facts) === undefined;
  return {
    isEdited,
    maxAgeMs: sharedAgeMs(facts.refreshIntervalMs),
    settledDigest: isSettled ? memory.dataDigest(key, externalSecret) : undefined,
  };
}

/** What became of the target. */
async function targetFacts(
  { caches, genericTargets }: ExternalSecretReconcilerParts,
  externalSecret: ExternalSecret,
  signal: AbortSignal,
): Promise<RefreshFacts["secret"]> {
  const target = genericTargetOf(externalSecret);
  if (target !== undefined) return genericTargets?.facts(target, externalSecret, signal);
  const { namespace = "" } = externalSecret.metadata;
  return caches.currentSecrets.get(keyOf({ namespace, name: targetNameOf(externalSecret) }));
}

interface FactSources {
  readonly stores: ResolvedStores;
  readonly target: RefreshFacts["secret"];
  readonly nowMs: number;
}

function refreshFacts(
  parts: ExternalSecretReconcilerParts,
  key: string,
  externalSecret: ExternalSecret,
  { stores, target, nowMs }: FactSources,
): RefreshFacts {
  const { spec, status, metadata } = externalSecret;
  // An interval that is no duration is told when the ExternalSecret is validated, which the edit that made it leads to.
  const refreshIntervalMs =
    parseDurationMs(spec.refreshInterval ?? DEFAULT_REFRESH_INTERVAL) ?? Number.POSITIVE_INFINITY;
  return {
    refreshPolicy: spec.refreshPolicy ?? "Periodic",
    creationPolicy: spec.target?.creationPolicy ?? "Owner",
    refreshIntervalMs,
    dueAtMs: parts.memory.dueAtMs(key, externalSecret, refreshIntervalMs, nowMs),
    currentVersion: syncedResourceVersion(metadata),
    syncedVersion: status?.syncedResourceVersion ?? "",
    refreshedAtMs: parts.memory.refreshedAtMs(key, externalSecret),
    nowMs,
    lastAttemptFailed: lastAttemptFailed(externalSecret),
    inputWasEdited: parts.memory.inputWasEdited(key, externalSecret, stores.versions),
    windowOpensInMs: windowOpensInMs(spec.syncWindows, nowMs),
    secret: target,
    ownerIsMissing: ownerIsMissing(externalSecret, target),
  };
}

/** Beyond ESO, which owns the Secret again at the next refresh only. */
function ownerIsMissing({ metadata, spec }: ExternalSecret, target: RefreshFacts["secret"]): boolean {
  if ((spec.target?.creationPolicy ?? "Owner") !== "Owner" || target?.metadata.ownerReferences === undefined)
    return false;
  return !isOwnedBy(target, { uid: metadata.uid ?? "" });
}

const FAILURES: readonly string[] = [EXTERNAL_SECRET_REASONS.syncError, GENERIC_TARGET_REASONS.syncError];

/** In strict mode, `Ready` is denied for other reasons, too. */
function lastAttemptFailed({ status }: ExternalSecret): boolean {
  const ready = conditionOf(status?.conditions, CONDITION_READY);
  return ready?.status === "False" && FAILURES.includes(ready.reason ?? "");
}

function plan(parts: ExternalSecretReconcilerParts, key: string, next: NextAttempt, facts: RefreshFacts): void {
  const { queue, delays } = parts;
  queue.cancel(key);
  if (next.on === "change") delays.reset(key);
  const delayMs = delayOf(parts, key, next, facts);
  if (delayMs !== undefined) queue.addAfter(key, delayMs, next.on === "interval" ? "periodic" : "normal");
}

/** Milliseconds; undefined where only a change causes the next pass. */
function delayOf(
  { delays }: ExternalSecretReconcilerParts,
  key: string,
  next: NextAttempt,
  facts: RefreshFacts,
): number | undefined {
  switch (next.on) {
    case "interval": {
      const remainingMs = nextRefreshInMs(facts);
      return remainingMs === Number.POSITIVE_INFINITY ? undefined : remainingMs;
    }
    case "backoff":
      return Math.max(delays.next(key, next.atMostMs), next.atLeastMs);
    case "delay":
      return next.ms;
    case "change":
      return undefined;
  }
}

function subjectOf({ metadata }: ExternalSecret) {
  const { name, namespace = "", labels: objectLabels } = metadata;
  return { kind: "ExternalSecret", name, namespace, objectLabels } as const;
}

/** After a start, the metrics show what the statuses say. */
function reportUnchanged({ metrics }: ExternalSecretReconcilerParts, externalSecret: ExternalSecret): void {
  metrics.setConditions(subjectOf(externalSecret), externalSecret.status?.conditions ?? []);
}

function letGo({ memory, absences, delays, metrics, queue }: ExternalSecretReconcilerParts, key: string): void {
  queue.cancel(key);
  absences.forget(key);
  memory.forget(key);
  delays.reset(key);
  metrics.forget({ kind: "ExternalSecret", namespace: "", ...splitKey(key) });
}
