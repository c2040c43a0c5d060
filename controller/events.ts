/** Kubernetes events of our objects: sent in the background, repeated ones counted up. Never hold a value. */
import { createHash } from "node:crypto";
import type { Clock } from "../api/clock.ts";
import { API_VERSION } from "../api/resource-types.ts";
import { shortened, timestampOf } from "./conditions.ts";
import { EVENT } from "./core-resources.ts";
import type { KubeClient, KubeObject, Logger, ObjectMeta } from "./kube/contracts.ts";
import { isNotFound } from "./kube/kube-api-error.ts";
import { limitTime } from "./kube/time-limit.ts";

/** What an event is about. */
export interface EventSubject {
  readonly kind: "ExternalSecret" | "SecretStore" | "ClusterSecretStore";
  readonly metadata: ObjectMeta;
}

export type EventType = "Normal" | "Warning";

/** Takes events; `emit` returns at once and never fails. */
export interface EventRecorder {
  emit(subject: EventSubject, type: EventType, reason: string, message: string): void;
}

interface CoreEvent extends KubeObject {
  readonly count: number;
}

interface PendingEvent {
  readonly subject: EventSubject;
  readonly type: EventType;
  readonly reason: string;
  readonly message: string;
  readonly atMs: number;
}

/** Name of the component, as `kubectl describe` shows it. */
const COMPONENT = "external-secrets";
/** Events that wait; more are dropped: they are a courtesy, and must not become a burden. */
const MAX_PENDING = 1_000;
/** Events that are remembered for counting up. */
const MAX_REMEMBERED = 2_000;
const SEND_TIMEOUT_MS = 10_000;

interface Remembered {
  readonly name: string;
  readonly namespace: string;
  count: number;
}

/** Sends one event after the other while `run` runs. */
export class EventSender implements EventRecorder {
  readonly #kube: KubeClient;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #pending: PendingEvent[] = [];
  readonly #sent = new Map<string, Remembered>();
  #wake: () => void = () => undefined;

  constructor(parts: { readonly kube: KubeClient; readonly clock: Clock; readonly logger: Logger }) {
    this.#kube = parts.kube;
    this.#clock = parts.clock;
    this.#logger = parts.logger;
  }

  emit(subject: EventSubject, type: EventType, reason: string, message: string): void {
    if (this.#pending.length >= MAX_PENDING) return;
    this.#pending.push({ subject, type, reason, message: shortened(message), atMs: this.#clock.now() });
    this.#wake();
  }

  /** Until the signal aborts and what was emitted before is sent; each event takes 10 s at most. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener("abort", () => this.#wake(), { once: true });
    for (;;) {
      const next = this.#pending.shift();
      if (next !== undefined) await this.#send(next);
      else if (signal.aborted) return;
      else {
        // No race with a promise that lives as long as we: it would keep all that ever waited.
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  async #send(event: PendingEvent): Promise<void> {
    const id = identityOf(event);
    const limit = limitTime(this.#clock, SEND_TIMEOUT_MS, new AbortController().signal, () => new Error("timed out"));
    try {
      const known = this.#sent.get(id);
      if (known === undefined || !(await this.#countUp(known, event, limit.signal))) {
        const made = eventOf(event, id);
        await this.#kube.create(EVENT, made, limit.signal);
        this.#remember(id, { name: made.metadata.name, namespace: made.metadata.namespace ?? "", count: 1 });
      }
    } catch (error) {
      const why = error instanceof Error ? error.message : typeof error;
      this.#logger.debug("an event could not be sent", { reason: event.reason, error: why });
    } finally {
      limit.end();
    }
  }

  /** False where the event has expired in the meantime. */
  async #countUp(known: Remembered, event: PendingEvent, signal: AbortSignal): Promise<boolean> {
    try {
      known.count += 1;
      const patch = { count: known.count, lastTimestamp: timestampOf(event.atMs) };
      await this.#kube.mergePatch(EVENT, known, patch, {}, signal);
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }

  #remember(id: string, made: Remembered): void {
    this.#sent.set(id, made);
    const [oldest] = this.#sent.keys();
    if (this.#sent.size > MAX_REMEMBERED && oldest !== undefined) this.#sent.delete(oldest);
  }
}

function identityOf({ subject, type, reason, message }: PendingEvent): string {
  const parts = [subject.metadata.uid ?? "", subject.kind, type, reason, message];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}

function eventOf({ subject, type, reason, message, atMs }: PendingEvent, id: string): CoreEvent & object {
  const { name, namespace = "default", uid, resourceVersion } = subject.metadata;
  const at = timestampOf(atMs);
  return {
    // Distinct from what an earlier process made of the same event.
    metadata: { name: `${name.slice(0, 220)}.${id}${(atMs % 0xffffff).toString(16)}`, namespace },
    involvedObject: {
      apiVersion: API_VERSION,
      kind: subject.kind,
      name,
      ...(subject.metadata.namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
    type,
    reason,
    message,
    count: 1,
    firstTimestamp: at,
    lastTimestamp: at,
    source: { component: COMPONENT },
    reportingComponent: COMPONENT,
    reportingInstance: COMPONENT,
  } as CoreEvent & object;
}
