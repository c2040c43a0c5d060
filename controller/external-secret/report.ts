/** Tells how an attempt ended: status, events, metrics. */
import type { Clock } from "../../api/clock.ts";
import type { ExternalSecret } from "../../api/external-secret.ts";
import { CONDITION_READY, CONDITION_SYNCED } from "../../api/reasons.ts";
import type { Caches } from "../cache/caches.ts";
import { conditionOf, shortened } from "../conditions.ts";
import type { EventRecorder } from "../events.ts";
import type { KubeClient, Logger } from "../kube/contracts.ts";
import { isConflict, isNotFound } from "../kube/kube-api-error.ts";
import type { ControllerMetrics } from "../metrics.ts";
import type { ControllerOptions } from "../options.ts";
import { honest, type Outcome } from "./outcome.ts";
import { type StatusNews, writeStatus } from "./write-status.ts";

export interface ReportParts {
  readonly kube: KubeClient;
  readonly caches: Pick<Caches, "currentExternalSecrets">;
  readonly events: EventRecorder;
  readonly metrics: ControllerMetrics;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly options: Pick<ControllerOptions, "statusHeartbeatMs" | "strictReady">;
}

/** What is told beside the outcome. */
export type ReportFacts = Pick<StatusNews, "synced" | "entries">;

/**
 * Writes the status where it says something new. A failure makes an event when its condition changes, all else each time.
 * @throws KubeApiError unless the object is gone or was made anew.
 */
export async function report(
  parts: ReportParts,
  externalSecret: ExternalSecret,
  given: Outcome,
  facts: ReportFacts,
  signal: AbortSignal,
): Promise<void> {
  const { statusHeartbeatMs, strictReady } = parts.options;
  const outcome = strictReady ? honest(given) : given;
  const { name, namespace = "", labels: objectLabels } = externalSecret.metadata;
  const subject = { kind: "ExternalSecret", name, namespace, objectLabels } as const;
  parts.metrics.countSync(subject, outcome.failed);
  parts.metrics.setConditions(subject, [
    { type: CONDITION_READY, status: outcome.condition.status },
    { type: CONDITION_SYNCED, status: outcome.synced.status },
  ]);
  emit(parts, externalSecret, outcome);
  const news: StatusNews = { condition: outcome.condition, syncedCondition: outcome.synced, ...facts };
  const heartbeat = statusHeartbeatMs === undefined ? {} : { heartbeatMs: statusHeartbeatMs };
  try {
    const when = { nowMs: parts.clock.now(), ...heartbeat };
    const written = await writeStatus(parts.kube, externalSecret, news, when, signal);
    if (written !== undefined) parts.caches.currentExternalSecrets.note(written);
  } catch (error) {
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
}

function emit({ events, logger }: ReportParts, externalSecret: ExternalSecret, outcome: Outcome): void {
  const { metadata, status } = externalSecret;
  const { condition, failed } = outcome;
  const before = conditionOf(status?.conditions, CONDITION_READY);
  const isNews = before?.status !== condition.status || before.message !== shortened(condition.message);
  if (failed && !isNews) return;
  for (const { type, reason, message } of outcome.events) {
    events.emit({ kind: "ExternalSecret", metadata }, type, reason, message);
    if (!failed) logger.info(message, { externalSecret: `${metadata.namespace ?? ""}/${metadata.name}` });
  }
}
