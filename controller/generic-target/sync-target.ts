/** Makes the target that is no Secret what the backends say, once they are read. */
import type { ExternalSecret } from "../../api/external-secret.ts";
import { EXTERNAL_SECRET_EVENTS } from "../../api/reasons.ts";
import type { FetchedData } from "../../engine/entry-problems.ts";
import type { TargetKind } from "../../engine/generic-target.ts";
import { renderManifest } from "../../engine/render-manifest.ts";
import type { TemplateEngine } from "../../engine/template-engine.ts";
import type { Absences, Proof } from "../external-secret/absences.ts";
import { type EmptyResult, settleEmpty } from "../external-secret/empty-result.ts";
import { appliedOutcome, noTargetOutcome } from "../external-secret/outcome.ts";
import type { Held, Progress, SyncResult } from "../external-secret/sync-result.ts";
import { templateSources } from "../external-secret/template-sources.ts";
import type { KubeClient, ResourceType } from "../kube/contracts.ts";
import { isNotFound } from "../kube/kube-api-error.ts";
import { type AppliedTarget, applyTarget, readTarget } from "./apply-target.ts";
import { emptyTarget, pruneTargets } from "./delete-target.ts";
import { desiredTarget } from "./desired-target.ts";
import type { GenericTargets } from "./generic-targets.ts";
import { fitting, permitted } from "./refusals.ts";
import { resourceOutcome } from "./resource-outcome.ts";

export interface SyncTargetParts {
  readonly kube: KubeClient;
  readonly engine: TemplateEngine;
  readonly absences: Absences;
}

/** What is to be done. */
export interface TargetWork {
  readonly externalSecret: ExternalSecret;
  readonly target: TargetKind;
  readonly targets: GenericTargets;
  readonly fetched: FetchedData;
  /** Whether what the backends do not have is proven to be gone. */
  readonly proof: Proof;
  /** As in `applyTarget`. */
  readonly isEdited: boolean;
  /** Is told the step. */
  readonly progress: Progress;
}

/** @throws TargetKindUnknown, TargetForbidden, and whatever rendering, applying and deleting throw */
export async function syncTarget(
  parts: SyncTargetParts,
  work: TargetWork,
  signal: AbortSignal,
): Promise<SyncResult | Held> {
  const { target, targets, progress } = work;
  progress.step = "apply";
  const type = await targets.typeOf(target, signal);
  try {
    const result = await carryOut(parts, work, type, signal);
    if ("askAgainInMs" in result) return result;
    // A service binding is to a Secret.
    return { ...result, outcome: resourceOutcome(result.outcome, target.kind), boundTo: null };
  } catch (error) {
    if (isNotFound(error)) targets.forget(target);
    throw error;
  }
}

async function carryOut(
  parts: SyncTargetParts,
  work: TargetWork,
  type: ResourceType,
  signal: AbortSignal,
): Promise<SyncResult | EmptyResult> {
  const { externalSecret, target, targets, fetched, proof, isEdited, progress } = work;
  const { creationPolicy = "Owner" } = externalSecret.spec.target ?? {};
  if (fetched.data.size === 0) {
    progress.step = "delete";
    const empty = await emptyTarget(parts.kube, externalSecret, type, signal);
    const settled = await settleEmpty({ ...parts, target: empty }, externalSecret, fetched, proof, signal);
    if (settled !== undefined) return settled;
  }
  progress.step = "apply";
  if (creationPolicy === "None") return { outcome: noTargetOutcome(), changedSecret: false };
  const sources = templateSources(parts.kube, externalSecret.metadata.namespace ?? "");
  const rendered = await renderManifest(externalSecret, fetched.data, { engine: parts.engine, sources }, signal);
  const desired = desiredTarget(externalSecret, target, rendered);
  if (proof.state === "once") {
    const live = await permitted(type, () => readTarget(parts.kube, type, desired, signal));
    if (live !== undefined) return { askAgainInMs: proof.askAgainInMs };
  }
  const applied = await fitting(desired, () =>
    permitted(type, () => applyTarget(parts.kube, externalSecret, type, desired, isEdited, signal)),
  );
  if (applied.object !== undefined) targets.note(target, externalSecret, applied.object);
  progress.step = "prune";
  const pruned = creationPolicy === "Owner" ? await pruneTargets(parts.kube, work, type, signal) : [];
  return resultOf(work, applied, pruned);
}

function resultOf(
  { externalSecret, target, fetched }: TargetWork,
  applied: AppliedTarget,
  pruned: readonly string[],
): SyncResult {
  const { change } = applied;
  const outcome = appliedOutcome(applied, fetched.absences, externalSecret.status?.conditions);
  return {
    outcome: { ...outcome, events: [...outcome.events, ...pruned.map((name) => prunedEvent(target.kind, name))] },
    changedSecret: change === "created" || change === "updated",
  };
}

function prunedEvent(kind: string, name: string) {
  const message = `${kind} "${name}" deleted: it is no longer the target`;
  return { type: "Normal", reason: EXTERNAL_SECRET_EVENTS.deleted, message } as const;
}
