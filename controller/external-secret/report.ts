/** Tells how an attempt ended: status, event, metrics. */

import type { Clock } from "../../api/clock.ts";
import type { ExternalSecret } from "../../api/external-secret.ts";
import { CONDITION_READY } from "../../api/reasons.ts";
import type { Caches } from "../cache/caches.ts";
import { conditionOf, shortened } from "../conditions.ts";
import type { EventRecorder } from "../events.ts";
import type { KubeClient, Logger } from "../kube/contracts.ts";
import { isConflict, isNotFound } from "../kube/kube-api-error.ts";
import type { ControllerMetrics } from "../metrics.ts";
import type { Outcome } from "./outcome.ts";
import { type StatusNews, writeStatus } from "./write-status.ts";

export interface ReportParts {
  readonly kube: KubeClient;
  readonly caches: Pick<Caches, "currentExternalSecrets">;
  readonly events: EventRecorder;
  readonly metrics: ControllerMetrics;
  readonly logger: Logger;
  readonly clock: Clock;
}

/**
 * Writes the status where it says something new. A failure makes an event when its condition changes, a change of the Secret
 * each time.
 * @throws KubeApiError unless the object is gone or was made anew.
 */
export async function report(
  parts: ReportParts,
  externalSecret: ExternalSecret,
  outcome: Outcome,
  synced: StatusNews["synced"],
  signal: AbortSignal,
): Promise<void> {
  const { name, namespace = "" } = externalSecret.metadata;
  const subject = { kind: "ExternalSecret", name, namespace } as const;
  parts.metrics.countSync(subject, outcome.failed);
  parts.metrics.setConditions(subject, [{ type: CONDITION_READY, status: outcome.condition.status }]);
  emit(parts, externalSecret, outcome);
  const news: StatusNews = { condition: outcome.condition, ...(synced === undefined ? {} : { synced }) };
  try {
    const written = await writeStatus(parts.kube, externalSecret, news, parts.clock.now(), signal);
    if (written !== undefined) parts.caches.currentExternalSecrets.note(written);
  } catch (error) {
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
}

function emit({ events, logger }: ReportParts, externalSecret: ExternalSecret, outcome: Outcome): void {
  const { metadata, status } = externalSecret;
  const { event, condition, failed } = outcome;
  if (event === undefined) return;
  const before = conditionOf(status?.conditions, CONDITION_READY);
  const isNews = before?.status !== condition.status || before.message !== shortened(condition.message);
  if (failed && !isNews) return;
  events.emit({ kind: "ExternalSecret", metadata }, event.type, event.reason, event.message);
  if (!failed) logger.info(event.message, { externalSecret: `${metadata.namespace ?? ""}/${metadata.name}` });
}
