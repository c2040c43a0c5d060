/** The controller's metrics: ESO's names where ESO has them, and what one needs to see whether it keeps up. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { ObservedCall } from "../providers/contract.ts";
import type { StoreKey } from "./cache/store-key.ts";
import { type ConditionSeries, ConditionSeriesForms } from "./condition-series.ts";
import type { Condition } from "./conditions.ts";
import { type MetricSubject, SeriesLabelling, type SeriesLabels, subjectKey } from "./series-labels.ts";
import type { CallStatus } from "./store-clients/store-client.ts";

export type { MetricSubject } from "./series-labels.ts";

type Kind = MetricSubject["kind"];

const PREFIX: Readonly<Record<Kind, string>> = {
  ExternalSecret: "externalsecret",
  SecretStore: "secretstore",
  ClusterSecretStore: "clustersecretstore",
};

/** A number that is read when the metrics are. */
export interface ReadGauge {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
  /** One value for each set of labels. */
  readonly read: () => Iterable<readonly [labels: Readonly<Record<string, string>>, value: number]>;
}

/** All metrics of one controller, in a registry of their own. */
export class ControllerMetrics {
  readonly registry = new Registry();
  readonly #labelling: SeriesLabelling;
  readonly #syncCalls: Counter<string>;
  readonly #syncErrors: Counter<string>;
  readonly #requests: Counter<"provider" | "call" | "status">;
  readonly #storeCalls: Counter<"provider" | "call" | "status">;
  readonly #coalescedReads: Counter<"provider">;
  readonly #propagation: Histogram;
  readonly #conditions: Readonly<Record<Kind, Gauge<string>>>;
  readonly #durations: Readonly<Record<Kind, Gauge<string>>>;
  /** Which conditions each object has shown, so that the other status reads 0 and removal is complete. */
  readonly #shown = new Map<string, ConditionSeries>();
  readonly #forms = new ConditionSeriesForms();

  /** @param extendedLabels whether series have labels of the application, too (`--enable-extended-metric-labels`). */
  constructor({ extendedLabels = false }: { readonly extendedLabels?: boolean } = {}) {
    const registers = [this.registry];
    this.#labelling = new SeriesLabelling(extendedLabels);
    const labelNames = [...this.#labelling.names];
    this.#syncCalls = new Counter({
      name: "externalsecret_sync_calls_total",
      help: "Number of times an ExternalSecret was refreshed.",
      labelNames,
      registers,
    });
    this.#syncErrors = new Counter({
      name: "externalsecret_sync_calls_error",
      help: "Number of refreshes of an ExternalSecret that failed.",
      labelNames,
      registers,
    });
    this.#requests = new Counter({
      name: "externalsecret_provider_api_calls_count",
      help: "Number of requests to the APIs of secret backends.",
      labelNames: ["provider", "call", "status"],
      registers,
    });
    this.#storeCalls = new Counter({
      name: "external_secrets_store_calls_total",
      help: "Number of reads, searches and validations of stores, each of which may be several requests.",
      labelNames: ["provider", "call", "status"],
      registers,
    });
    this.#coalescedReads = new Counter({
      name: "external_secrets_coalesced_reads_total",
      help: "Number of reads that another's equal read, under way already, answered.",
      labelNames: ["provider"],
      registers,
    });
    this.#propagation = new Histogram({
      name: "external_secrets_propagation_seconds",
      help: "From the start of the pass that read a change until the Secret was written.",
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    });
    this.#conditions = ofEachKind(
      (prefix, kind) =>
        new Gauge({
          name: `${prefix}_status_condition`,
          help: `1 for the status that a condition of a ${kind} has, 0 for the ones that it had.`,
          labelNames: [...labelNames, "condition", "status"],
          registers,
        }),
    );
    this.#durations = ofEachKind(
      (prefix, kind) =>
        new Gauge({
          name: `${prefix}_reconcile_duration`,
          help: `How long the last pass over a ${kind} took, in nanoseconds.`,
          labelNames,
          registers,
        }),
    );
  }

  /** Adds memory, processor, event loop and the like. They keep observers alive: call it in the process's own start only. */
  collectProcess(): void {
    // A timer runs at this pace all the time: its default, 10 ms, wakes an idle process a hundred times a second.
    collectDefaultMetrics({ register: this.registry, eventLoopMonitoringPrecision: 100 });
  }

  /** Adds a gauge that is read on demand. */
  addGauge({ name, help, labelNames = [], read }: ReadGauge): void {
    const gauge: Gauge<string> = new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      registers: [this.registry],
      collect() {
        gauge.reset();
        for (const [labels, value] of read()) gauge.set(labels, value);
      },
    });
  }

  countSync(subject: MetricSubject, failed: boolean): void {
    const labels = this.#labelsOf(subject);
    this.#syncCalls.inc(labels);
    // So that the series is there, with 0, from the first refresh on.
    this.#syncErrors.inc(labels, failed ? 1 : 0);
  }

  countCall(provider: string, call: string, status: CallStatus): void {
    if (status === "coalesced") this.#coalescedReads.inc({ provider });
    else this.#storeCalls.inc({ provider, call, status });
  }

  countRequest({ provider, call, status }: ObservedCall): void {
    this.#requests.inc({ provider, call, status });
  }

  /** A change has arrived in its Secret, so many milliseconds after the pass that read it began. */
  observePropagation(ms: number): void {
    this.#propagation.observe(ms / 1_000);
  }

  /** Sets 1 for each condition's status, and 0 for its opposite and for statuses that it had before. */
  setConditions(subject: MetricSubject, conditions: readonly Pick<Condition, "type" | "status">[]): void {
    const key = subjectKey(subject);
    const seriesLabels = this.#labelsOf(subject);
    const before = this.#shown.get(key);
    const shown = this.#forms.after(before, conditions);
    if (shown === before) return;
    this.#shown.set(key, shown);
    for (const [type, { status, statuses }] of shown) {
      for (const one of statuses) {
        const labels = { ...seriesLabels, condition: type, status: one };
        this.#conditions[subject.kind].set(labels, one === status ? 1 : 0);
      }
    }
  }

  observeReconcile(subject: MetricSubject, ms: number): void {
    this.#durations[subject.kind].set(this.#labelsOf(subject), Math.round(ms * 1e6));
  }

  /** Removes all series of an object that is gone. */
  forget(subject: MetricSubject): void {
    const labels = this.#labelling.forget(subject);
    if (labels !== undefined) this.#remove(subject, labels);
  }

  forgetStore(key: StoreKey): void {
    const [kind, first = "", second] = key.split("/");
    if (kind === "ClusterSecretStore") this.forget({ kind, name: first });
    else this.forget({ kind: "SecretStore", namespace: first, name: second ?? "" });
  }

  /** Series of the labels that the object had before do not stay beside the new ones. */
  #labelsOf(subject: MetricSubject): SeriesLabels {
    const { labels, outdated } = this.#labelling.labelsOf(subject);
    if (outdated !== undefined) this.#remove(subject, outdated);
    return labels;
  }

  #remove(subject: MetricSubject, labels: SeriesLabels): void {
    const key = subjectKey(subject);
    for (const [condition, { statuses }] of this.#shown.get(key) ?? []) {
      for (const status of statuses) this.#conditions[subject.kind].remove({ ...labels, condition, status });
    }
    this.#shown.delete(key);
    this.#durations[subject.kind].remove(labels);
    if (subject.kind !== "ExternalSecret") return;
    this.#syncCalls.remove(labels);
    this.#syncErrors.remove(labels);
  }
}

function ofEachKind<T>(make: (prefix: string, kind: Kind) => T): Readonly<Record<Kind, T>> {
  return {
    ExternalSecret: make(PREFIX.ExternalSecret, "ExternalSecret"),
    SecretStore: make(PREFIX.SecretStore, "SecretStore"),
    ClusterSecretStore: make(PREFIX.ClusterSecretStore, "ClusterSecretStore"),
  };
}
