/** One pass over a store: validate, write the status, plan the next pass. */
import type { Clock } from "../../api/clock.ts";
import { parseDurationMs } from "../../api/duration.ts";
import type { SecretStoreSpec } from "../../api/secret-store.ts";
import type { Caches } from "../cache/caches.ts";
import type { StoreKey } from "../cache/store-key.ts";
import { findStore } from "../cache/stores.ts";
import { shortened } from "../conditions.ts";
import type { EventRecorder } from "../events.ts";
import type { KubeClient, Logger, WorkQueue } from "../kube/contracts.ts";
import { isConflict, isNotFound } from "../kube/kube-api-error.ts";
import type { ControllerMetrics, MetricSubject } from "../metrics.ts";
import type { ControllerOptions } from "../options.ts";
import type { RetryDelays } from "../retry-delays.ts";
import type { OpenableStore, StoreClients } from "../store-clients/store-clients.ts";
import { type StoreVerdict, type ValidateStoreParts, validateStore } from "./validate-store.ts";
import type { StoreValidations } from "./validations.ts";
import { writeStoreStatus } from "./write-store-status.ts";

export interface StoreReconcilerParts extends ValidateStoreParts {
  readonly kube: KubeClient;
  readonly caches: Pick<Caches, "currentStores">;
  readonly clients: StoreClients;
  readonly queue: WorkQueue;
  readonly delays: RetryDelays;
  readonly validations: StoreValidations;
  readonly events: EventRecorder;
  readonly metrics: ControllerMetrics;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly random: () => number;
  readonly options: Pick<ControllerOptions, "controllerClass" | "storeRequeueIntervalMs" | "secretStores">;
}

/** Whether a store is for a controller of this class. */
export function isOurs(spec: SecretStoreSpec, controllerClass: string): boolean {
  return spec.controller === undefined || spec.controller === "" || spec.controller === controllerClass;
}

/**
 * Validates the store of that key, or lets go of one that is gone or another controller's.
 * @throws KubeApiError where the status cannot be written.
 */
export async function reconcileStore(parts: StoreReconcilerParts, key: StoreKey, signal: AbortSignal): Promise<void> {
  const store = findStore(parts.caches, key);
  if (store === undefined || !isOurs(store.object.spec, parts.options.controllerClass)) {
    letGo(parts, key);
    return;
  }
  // Another controller's SecretStores are used, but not validated here.
  if (store.identity.kind === "SecretStore" && !parts.options.secretStores) return;
  const startedAt = parts.clock.now();
  const verdict = await validateStore(parts, store, signal);
  parts.validations.done(key, store, verdict.status === "True");
  await report(parts, store, verdict, signal);
  parts.metrics.observeReconcile(subjectOf(store), parts.clock.now() - startedAt);
  parts.queue.cancel(key);
  const delayMs = nextDelayMs(parts, store, verdict);
  if (delayMs !== undefined) parts.queue.addAfter(key, delayMs, verdict.next === "interval" ? "periodic" : "normal");
}

function letGo(parts: StoreReconcilerParts, key: StoreKey): void {
  parts.clients.forget(key);
  parts.delays.reset(key);
  parts.validations.forget(key);
  parts.metrics.forgetStore(key);
}

async function report(
  parts: StoreReconcilerParts,
  store: OpenableStore,
  verdict: StoreVerdict,
  signal: AbortSignal,
): Promise<void> {
  parts.metrics.setConditions(subjectOf(store), [{ type: "Ready", status: verdict.status }]);
  try {
    const written = await writeStoreStatus(parts.kube, store, verdict, parts.clock.now(), signal);
    if (written === undefined) return;
    parts.caches.currentStores[store.identity.kind]?.note(written.store);
    const { before } = written;
    if (before?.status === verdict.status && before.reason === verdict.reason && verdict.status === "True") return;
    const message = shortened(verdict.message);
    const type = verdict.status === "True" ? "Normal" : "Warning";
    parts.events.emit({ kind: store.identity.kind, metadata: store.object.metadata }, type, verdict.reason, message);
    const fields = { store: store.key, reason: verdict.reason, message };
    if (type === "Normal") parts.logger.info("store is ready", fields);
    else parts.logger.warn("store is not ready", fields);
  } catch (error) {
    // Gone or made anew meanwhile: the watch brings what there is to do.
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
}

function subjectOf({ identity, object }: OpenableStore): MetricSubject {
  return { ...identity, objectLabels: object.metadata.labels };
}

/** Undefined: not before the store changes. */
function nextDelayMs(parts: StoreReconcilerParts, store: OpenableStore, verdict: StoreVerdict): number | undefined {
  if (verdict.next === "soon") return Math.max(parts.delays.next(store.key), verdict.retryAfterMs ?? 0);
  parts.delays.reset(store.key);
  if (verdict.next === "edit") return undefined;
  const intervalMs = intervalOf(store.object.spec) ?? parts.options.storeRequeueIntervalMs;
  return intervalMs * (1 + parts.random() / 10);
}

/** Milliseconds; undefined where the store leaves it to the controller. An integer is seconds. */
function intervalOf({ refreshInterval }: SecretStoreSpec): number | undefined {
  const ms = typeof refreshInterval === "number" ? refreshInterval * 1_000 : parseDurationMs(refreshInterval ?? "0");
  return ms === undefined || ms <= 0 ? undefined : ms;
}
