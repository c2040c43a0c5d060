/** The labels of an object's metrics: its name and namespace, and by ESO's flag what its own labels say of the application. */

/** What a metric is about. */
export interface MetricSubject {
  readonly kind: "ExternalSecret" | "SecretStore" | "ClusterSecretStore";
  readonly name: string;
  readonly namespace?: string;
  /** `metadata.labels` of the object; where it is only forgotten they are not needed. */
  readonly objectLabels?: Readonly<Record<string, string>> | undefined;
}

/** As ESO names them. */
const EXTENDED = ["name", "instance", "version", "component", "part-of", "managed-by"].map((part) => ({
  object: `app.kubernetes.io/${part}`,
  metric: `app_kubernetes_io_${part.replace("-", "_")}`,
}));

/** Values by label. */
export type SeriesLabels = Readonly<Record<string, string>>;

/** Remembers which labels the series of each object have, so that they can be removed when its labels change. */
export class SeriesLabelling {
  readonly names: readonly string[];
  readonly #isExtended: boolean;
  readonly #known = new Map<string, SeriesLabels>();

  /** @param isExtended `--enable-extended-metric-labels` */
  constructor(isExtended: boolean) {
    this.#isExtended = isExtended;
    this.names = ["name", "namespace", ...(isExtended ? EXTENDED.map(({ metric }) => metric) : [])];
  }

  /** @returns the labels of the object's series, and the ones that they had before where these differ. */
  labelsOf(subject: MetricSubject): { readonly labels: SeriesLabels; readonly outdated: SeriesLabels | undefined } {
    const key = subjectKey(subject);
    const before = this.#known.get(key);
    const labels = this.#made(subject);
    const isSame = before !== undefined && this.names.every((name) => before[name] === labels[name]);
    if (isSame) return { labels: before, outdated: undefined };
    this.#known.set(key, labels);
    return { labels, outdated: before };
  }

  /** The labels that the series of the object have; undefined where it has none. */
  forget(subject: MetricSubject): SeriesLabels | undefined {
    const key = subjectKey(subject);
    const labels = this.#known.get(key);
    this.#known.delete(key);
    return labels;
  }

  #made({ name, namespace = "", objectLabels = {} }: MetricSubject): SeriesLabels {
    const extended = this.#isExtended
      ? EXTENDED.map(({ object, metric }) => [metric, objectLabels[object] ?? ""] as const)
      : [];
    return { name, namespace, ...Object.fromEntries(extended) };
  }
}

/** One for each object. */
export function subjectKey({ kind, name, namespace = "" }: MetricSubject): string {
  return `${kind}/${namespace}/${name}`;
}
