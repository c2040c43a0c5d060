/** Waits until an applied object is ready. */
import { setTimeout as delay } from "node:timers/promises";
import { type Cluster, referenceTo } from "./cluster.ts";
import { lackOfReadiness } from "./kind-readiness.ts";
import { annotationOf, isAnnotated } from "./object-identity.ts";
import type { Properties } from "./property-values.ts";
import type { ProviderContext } from "./provider-options.ts";
import { lackOfEndpoints } from "./service-endpoints.ts";
import { unfulfilledExpressions } from "./wait-for.ts";

const POLL_INTERVAL_MS = 200;
const DEFAULT_TIMEOUT_MS = 10 * 60_000;

/** The object exists, but did not become ready in time. */
export class NotReadyError extends Error {
  /** The object as last seen. */
  readonly live: Properties;
  /** What it lacks, said for people. */
  readonly reasons: readonly string[];

  constructor(message: string, live: Properties, reasons: readonly string[]) {
    super(message);
    this.name = "NotReadyError";
    this.live = live;
    this.reasons = reasons;
  }
}

/** What the object still lacks to be ready, by its annotations or its kind; empty when it is ready. */
export async function lacks(cluster: Cluster, live: Properties, inputs: Properties): Promise<readonly string[]> {
  if (isAnnotated(inputs, "pulumi.com/skipAwait")) return [];
  const waitFor = annotationOf(inputs, "pulumi.com/waitFor");
  if (waitFor !== "") return unfulfilledExpressions(live, waitFor);
  return [...lackOfReadiness(live), ...(await lackOfEndpoints(cluster, live))];
}

/** How long to wait: the resource's option (seconds, 0 when unset), else its annotation, else 10 minutes. */
export function timeoutMsOf(inputs: Properties, optionSeconds: number): number {
  if (optionSeconds > 0) return optionSeconds * 1000;
  const annotated = Number.parseInt(annotationOf(inputs, "pulumi.com/timeoutSeconds"), 10);
  return annotated > 0 ? annotated * 1000 : DEFAULT_TIMEOUT_MS;
}

/**
 * Resolves with the object when it is ready.
 * @throws NotReadyError after `timeoutMs`, or when the engine cancels.
 */
export async function awaitReadiness(
  { cluster, log, signal }: ProviderContext,
  urn: string,
  applied: Properties,
  inputs: Properties,
  timeoutMs: number,
): Promise<Properties> {
  const deadline = Date.now() + timeoutMs;
  let live = applied;
  let said = "";
  for (;;) {
    const missing = await lacks(cluster, live, inputs);
    if (missing.length === 0) {
      if (said !== "") log.status("", urn);
      return live;
    }
    const { name } = referenceTo(live);
    if (signal.aborted) throw new NotReadyError(`Waiting for "${name}" was cancelled`, live, missing);
    if (Date.now() >= deadline) throw new NotReadyError(`"${name}" timed out waiting to be Ready`, live, missing);
    const message = missing.join("; ");
    if (message !== said) log.status(message, urn);
    said = message;
    await delay(POLL_INTERVAL_MS);
    live = await cluster.get(referenceTo(applied));
  }
}
