/** Makes the target that is no Secret what the backends say, once they are read. */
import type { ExternalSecret } from "../../api/external-secret.ts";
import { EXTERNAL_SECRET_EVENTS } from "../../api/reasons.ts";
import { EXTERNAL_SECRET } from "../../api/resource-types.ts";
import { targetNameOf } from "../../engine/desired-secret.ts";
import type { FetchedData } from "../../engine/entry-problems.ts";
import type { TargetKind } from "../../engine/generic-target.ts";
import { renderManifest } from "../../engine/render-manifest.ts";
import type { TemplateEngine } from "../../engine/template-engine.ts";
import type { Absences, Proof } from "../external-secret/absences.ts";
import { type EmptyResult, settleEmpty } from "../external-secret/empty-result.ts";
import { appliedOutcome, noTargetOutcome } from "../external-secret/outcome.ts";
import { isOwnedBy } from "../external-secret/ownership.ts";
import { SecretNotOurs, TargetForbidden } from "../external-secret/problems.ts";
import type { Held, Progress, SyncResult } from "../external-secret/sync-result.ts";
import { templateSources } from "../external-secret/template-sources.ts";
import type { KubeClient, ObjectName, ResourceType } from "../kube/contracts.ts";
import { isConflict, isForbidden, isNotFound } from "../kube/kube-api-error.ts";
import { keyOf } from "../kube/object-key.ts";
import { applyTarget, readTarget, type TargetObject } from "./apply-target.ts";
import { desiredTarget } from "./desired-target.ts";
import type { GenericTargets } from "./generic-targets.ts";
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
  if (creationPolicy === "None") return { outcome: noTargetOutcome(), changedSecret: false };
  progress.step = "apply";
  const sources = templateSources(parts.kube, externalSecret.metadata.namespace ?? "");
  const rendered = await renderManifest(externalSecret, fetched.data, { engine: parts.engine, sources }, signal);
  const desired = desiredTarget(externalSecret, target, rendered);
  if (proof.state === "once") {
    const live = await permitted(type, () => readTarget(parts.kube, type, desired, signal));
    if (live !== undefined) return { askAgainInMs: proof.askAgainInMs };
  }
  const applied = await permitted(type, () => applyTarget(parts.kube, externalSecret, type, desired, isEdited, signal));
  if (applied.object !== undefined) targets.note(target, externalSecret, applied.object);
  progress.step = "prune";
  const pruned = creationPolicy === "Owner" ? await pruneTargets(parts.kube, work, type, signal) : [];
  const told = { change: applied.change, conflicts: [], isFrozen: false };
  const outcome = appliedOutcome(told, fetched.absences, externalSecret.status?.conditions);
  return {
    outcome: { ...outcome, events: [...outcome.events, ...pruned.map((name) => prunedEvent(target.kind, name))] },
    changedSecret: applied.change === "created" || applied.change === "updated",
  };
}

function prunedEvent(kind: string, name: string) {
  const message = `${kind} "${name}" deleted: it is no longer the target`;
  return { type: "Normal", reason: EXTERNAL_SECRET_EVENTS.deleted, message } as const;
}

/** Says what to grant where the API server refuses. */
async function permitted<T>({ group, plural }: ResourceType, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!isForbidden(error)) throw error;
    const resource = group === "" ? plural : `${plural}.${group}`;
    throw new TargetForbidden(`the API server forbids the controller to read or write ${resource}`, {
      field: "spec.target.manifest",
      remedy: `grant its service account get, list, watch, create, patch and delete on ${resource}, or see which admission policy refuses`,
      cause: error,
    });
  }
}

async function emptyTarget(kube: KubeClient, externalSecret: ExternalSecret, type: ResourceType, signal: AbortSignal) {
  const name = targetNameOf(externalSecret);
  const { namespace = "", uid = "" } = externalSecret.metadata;
  const live = await permitted(type, () => readTarget(kube, type, { name, namespace }, signal));
  return {
    exists: live !== undefined,
    async delete(inner: AbortSignal): Promise<string | undefined> {
      if (live === undefined) return undefined;
      if (!isOwnedBy(live, { uid })) {
        throw new SecretNotOurs(`${type.kind} "${namespace}/${name}" is not owned by this ${EXTERNAL_SECRET.kind}`, {
          field: "spec.target.name",
          remedy: `delete the ${type.kind}, or set spec.target.deletionPolicy to Retain`,
        });
      }
      return (await deleted(kube, type, live, inner)) ? name : undefined;
    },
  };
}

/** @returns whether it was there. @throws a conflict where it changed meanwhile */
async function deleted(kube: KubeClient, type: ResourceType, { metadata }: TargetObject, signal: AbortSignal) {
  const { name, namespace = "", uid = "", resourceVersion = "" } = metadata;
  const target: ObjectName = { name, namespace };
  try {
    await permitted(type, () => kube.delete(type, target, { preconditions: { uid, resourceVersion } }, signal));
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** Deletes what the ExternalSecret controls of this kind under another name. @returns the names */
async function pruneTargets(
  kube: KubeClient,
  { externalSecret, target, targets }: TargetWork,
  type: ResourceType,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { namespace = "", uid = "" } = externalSecret.metadata;
  const current = keyOf({ namespace, name: targetNameOf(externalSecret) });
  const pruned: string[] = [];
  for (const record of targets.ownedBy(target, uid)) {
    if (keyOf(record.metadata) === current || record.metadata.namespace !== namespace) continue;
    try {
      if (await deleted(kube, type, record, signal)) pruned.push(record.metadata.name);
    } catch (error) {
      // Changed since we saw it: the next pass looks again.
      if (!isConflict(error)) throw error;
    }
  }
  return pruned;
}
