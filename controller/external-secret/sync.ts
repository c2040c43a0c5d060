/** Steps 3 to 5: reads the backends, makes the Secret so, and says how it went. Never throws but for an abort. */
import type { Clock } from "../../api/clock.ts";
import { parseDurationMs } from "../../api/duration.ts";
import type { ExternalSecret } from "../../api/external-secret.ts";
import { EXTERNAL_SECRET_EVENTS, MAX_STATUS_ENTRIES } from "../../api/reasons.ts";
import { validateExternalSecret } from "../../api/validate-external-secret.ts";
import { targetNameOf } from "../../engine/desired-secret.ts";
import type { FetchedData } from "../../engine/entry-problems.ts";
import { genericTargetOf } from "../../engine/generic-target.ts";
import { renderExternalSecret } from "../../engine/render-external-secret.ts";
import { unsupportedFields } from "../../engine/unsupported-fields.ts";
import { AccessDenied, Transient } from "../../providers/errors.ts";
import type { StoreKey } from "../cache/store-key.ts";
import { errorFields } from "../describe-error.ts";
import type { GenericTargets } from "../generic-target/generic-targets.ts";
import { resourceOutcome } from "../generic-target/resource-outcome.ts";
import { syncTarget, type TargetWork } from "../generic-target/sync-target.ts";
import type { Logger } from "../kube/contracts.ts";
import { keyOf } from "../kube/object-key.ts";
import { limitTime } from "../kube/time-limit.ts";
import { type ApplySecretParts, applySecret } from "./apply-secret.ts";
import type { DataDigest } from "./data-digest.ts";
import { type EmptyResultParts, emptySecret, settleEmpty } from "./empty-result.ts";
import { wouldLose } from "./lost-keys.ts";
import { appliedOutcome, type FailedStep, failedOutcome, noTargetOutcome, type OutcomeEvent } from "./outcome.ts";
import { InvalidExternalSecret } from "./problems.ts";
import { type PruneOrphansParts, pruneOrphans } from "./prune-orphans.ts";
import { type ReadEntriesParts, readEntries } from "./read-entries.ts";
import type { ResolvedStores } from "./resolve-store.ts";
import type { Held, Progress, SyncResult } from "./sync-result.ts";
import { templateSources } from "./template-sources.ts";

export interface SyncParts extends ApplySecretParts, PruneOrphansParts, ReadEntriesParts, EmptyResultParts {
  readonly caches: ApplySecretParts["caches"] & PruneOrphansParts["caches"] & EmptyResultParts["caches"];
  readonly clock: Clock;
  readonly logger: Logger;
  /** Hears of a store whose backend refused us. */
  readonly onAccessDenied: (store: StoreKey) => void;
  readonly dataDigest: DataDigest;
  /** Targets of another kind than Secret; unset: they are not permitted. */
  readonly genericTargets: GenericTargets | undefined;
}

/** Limit of one attempt as a whole: longer than any sum of sound calls. */
const ATTEMPT_TIMEOUT_MS = 120_000;

/** What is known before the backends are asked. */
export interface Occasion {
  /** As in `applySecret`. */
  readonly isEdited: boolean;
  /** As in `readEntries`. */
  readonly maxAgeMs: number;
  /** Of what the Secret was made of, where it is still as it was made and nothing else was edited. */
  readonly settledDigest: string | undefined;
}

export async function sync(
  parts: SyncParts,
  externalSecret: ExternalSecret,
  stores: ResolvedStores,
  occasion: Occasion,
  signal: AbortSignal,
): Promise<SyncResult | Held> {
  const limit = limitTime(parts.clock, ATTEMPT_TIMEOUT_MS, signal, () => new Transient("the refresh timed out"));
  const progress: Progress = { step: "validate" };
  try {
    requireValid(externalSecret, parts.genericTargets !== undefined);
    progress.step = "resolve";
    if (stores.problem !== undefined) throw stores.problem;
    progress.step = "fetch";
    const fetched = await readEntries(parts, externalSecret, stores, occasion.maxAgeMs, limit.signal);
    progress.entries = [...fetched.failures, ...fetched.absences];
    if (fetched.error !== undefined) throw fetched.error;
    const dataDigest = digestOf(parts, externalSecret, fetched);
    if (dataDigest !== undefined && dataDigest === occasion.settledDigest) {
      return settled(externalSecret, dataDigest);
    }
    const result = await carryOut(parts, externalSecret, fetched, occasion.isEdited, progress, limit.signal);
    if ("askAgainInMs" in result) return result;
    const events = [...result.outcome.events, ...newAbsences(externalSecret, fetched)];
    const digest = dataDigest === undefined ? {} : { dataDigest };
    return { ...result, ...digest, outcome: { ...result.outcome, events }, entries: fetched.absences };
  } catch (error) {
    signal.throwIfAborted();
    parts.absences.forget(keyOf(externalSecret.metadata));
    tell(parts, externalSecret, stores, progress.step, error);
    const { entries } = progress;
    const target = genericTargetOf(externalSecret);
    const failed = failedOutcome(progress.step, error);
    const outcome = target === undefined ? failed : resourceOutcome(failed, target.kind);
    return { outcome, changedSecret: false, ...(entries === undefined ? {} : { entries }) };
  } finally {
    limit.end();
  }
}

/** Unset where the same bytes may make another Secret (templates have clocks and dice), or where more than the Secret is to be seen to. */
function digestOf(
  { dataDigest }: SyncParts,
  { spec: { target } }: ExternalSecret,
  { data, absences }: FetchedData,
): string | undefined {
  const isPlain = (target?.creationPolicy ?? "Owner") === "Owner" && target?.template === undefined;
  if (!isPlain || target?.immutable || target?.manifest !== undefined || data.size === 0 || absences.length > 0) return;
  return dataDigest.of(data);
}

/** Nothing was written, for the Secret was made of the same. */
function settled(externalSecret: ExternalSecret, dataDigest: string): SyncResult {
  const unchanged = { change: "unchanged", conflicts: [], isFrozen: false } as const;
  const outcome = appliedOutcome(unchanged, [], externalSecret.status?.conditions);
  return { outcome, changedSecret: false, dataDigest, entries: [], boundTo: targetNameOf(externalSecret) };
}

/** Makes the cluster what the backends say. */
async function carryOut(
  parts: SyncParts,
  externalSecret: ExternalSecret,
  fetched: FetchedData,
  isEdited: boolean,
  progress: Progress,
  signal: AbortSignal,
): Promise<SyncResult | Held> {
  const { metadata, spec, status } = externalSecret;
  const { creationPolicy = "Owner" } = spec.target ?? {};
  const proof = parts.absences.note(keyOf(metadata), metadata.uid ?? "", fetched, parts.clock.now());
  const target = genericTargetOf(externalSecret);
  if (target !== undefined && parts.genericTargets !== undefined) {
    const work = { externalSecret, target, targets: parts.genericTargets, fetched, proof, isEdited, progress };
    return syncGeneric(parts, work, signal);
  }
  if (fetched.data.size === 0) {
    progress.step = "delete";
    const empty = { absences: parts.absences, target: emptySecret(parts, externalSecret) };
    const result = await settleEmpty(empty, externalSecret, fetched, proof, signal);
    if (result !== undefined) return result;
  }
  if (creationPolicy === "None") return { outcome: noTargetOutcome(), changedSecret: false, boundTo: null };
  progress.step = "apply";
  const sources = templateSources(parts.kube, metadata.namespace ?? "");
  const rendering = { engine: parts.engine, sources };
  const desired = await renderExternalSecret(externalSecret, fetched.data, rendering, signal);
  if (proof.state === "once" && (await wouldLose(parts, externalSecret, fetched, desired, signal))) {
    return { askAgainInMs: proof.askAgainInMs };
  }
  const applied = await applySecret(parts, externalSecret, desired, isEdited, signal);
  progress.step = "prune";
  const pruned = creationPolicy === "Owner" ? await pruneOrphans(parts, externalSecret, desired.name, signal) : [];
  const outcome = appliedOutcome(applied, fetched.absences, status?.conditions);
  return {
    outcome: { ...outcome, events: [...outcome.events, ...pruned.map(prunedEvent)] },
    changedSecret: applied.change === "created" || applied.change === "updated",
    ...(applied.contentVersion === undefined ? {} : { contentVersion: applied.contentVersion }),
    boundTo: applied.change === "missing" ? null : desired.name,
  };
}

/** A Secret that was the target before is no longer. */
async function syncGeneric(parts: SyncParts, work: TargetWork, signal: AbortSignal): Promise<SyncResult | Held> {
  const { externalSecret, progress } = work;
  const result = await syncTarget(parts, work, signal);
  const owns = (externalSecret.spec.target?.creationPolicy ?? "Owner") === "Owner";
  if ("askAgainInMs" in result || !owns) return result;
  progress.step = "prune";
  const pruned = await pruneOrphans(parts, externalSecret, undefined, signal);
  const events = [...result.outcome.events, ...pruned.map(prunedEvent)];
  return { ...result, outcome: { ...result.outcome, events } };
}

function prunedEvent(name: string): OutcomeEvent {
  const message = `secret "${name}" deleted: it is no longer the target`;
  return { type: "Normal", reason: EXTERNAL_SECRET_EVENTS.deleted, message };
}

/** Of entries that the status does not list yet. */
function newAbsences({ status }: ExternalSecret, { absences }: FetchedData): readonly OutcomeEvent[] {
  const known = new Set((status?.entries ?? []).map(({ field }) => field));
  return absences
    .slice(0, MAX_STATUS_ENTRIES)
    .filter(({ field }) => !known.has(field))
    .map(({ message }) => ({ type: "Normal", reason: EXTERNAL_SECRET_EVENTS.missingProviderSecret, message }));
}

/** @throws InvalidExternalSecret with all that is wrong. */
function requireValid(externalSecret: ExternalSecret, genericTargets: boolean): void {
  const { refreshInterval } = externalSecret.spec;
  const isDuration = refreshInterval === undefined || parseDurationMs(refreshInterval) !== undefined;
  const problems = [
    ...validateExternalSecret(externalSecret),
    ...(isDuration
      ? []
      : [`spec.refreshInterval: ${JSON.stringify(refreshInterval)} is no duration; write one such as 1h30m or 15s`]),
    ...unsupportedFields(externalSecret.spec, { genericTargets }),
  ];
  if (problems.length > 0) throw new InvalidExternalSecret(problems.join("; "));
}

function tell(
  parts: SyncParts,
  { metadata }: ExternalSecret,
  { stores }: ResolvedStores,
  step: FailedStep,
  error: unknown,
): void {
  const externalSecret = `${metadata.namespace ?? ""}/${metadata.name}`;
  parts.logger.warn("refresh failed", { externalSecret, step, ...errorFields(error) });
  if (!(error instanceof AccessDenied)) return;
  for (const { store } of stores) parts.onAccessDenied(store.key);
}
