/** What stands in a cluster now, kept by watches, so that many cases can look often at no cost. */
import type { KubeClient, KubeObject, ObjectMeta, ResourceType } from "../../../controller/kube/contracts.ts";
import { eventually } from "../../eventually.ts";

/** One entry of `metadata.managedFields`. */
export interface ManagedFields {
  readonly manager?: string;
  readonly subresource?: string;
  readonly fieldsV1?: unknown;
}

/** The parts of Secrets and ExternalSecrets that cases look at. */
export interface Viewed extends KubeObject {
  readonly metadata: ObjectMeta & { readonly managedFields?: readonly ManagedFields[] };
  readonly type?: string;
  readonly immutable?: boolean;
  /** Base64. */
  readonly data?: Readonly<Record<string, string>>;
  readonly status?: Readonly<Record<string, unknown>>;
}

export type ViewedKind = "Secret" | "ExternalSecret";

const TYPES: Readonly<Record<ViewedKind, ResourceType>> = {
  Secret: { group: "", version: "v1", kind: "Secret", plural: "secrets", namespaced: true },
  ExternalSecret: {
    ...{ group: "external-secrets.io", version: "v1", kind: "ExternalSecret" },
    ...{ plural: "externalsecrets", namespaced: true },
  },
};

const SEEN_WITHIN_MS = 15_000;

/** Runs until its signal aborts. */
export class ClusterView {
  readonly #objects = new Map<string, Viewed>();
  readonly #ended: Promise<unknown>;

  constructor(kube: KubeClient, signal: AbortSignal) {
    this.#ended = Promise.all([this.#follow(kube, "Secret", signal), this.#follow(kube, "ExternalSecret", signal)]);
    // Told by whoever waits for something to be seen.
    this.#ended.catch(() => undefined);
  }

  get(kind: ViewedKind, namespace: string, name: string): Viewed | undefined {
    return this.#objects.get(`${kind}/${namespace}/${name}`);
  }

  secretsOf(namespace: string): readonly Viewed[] {
    const prefix = `Secret/${namespace}/`;
    return [...this.#objects].filter(([key]) => key.startsWith(prefix)).map(([, object]) => object);
  }

  /** Waits until that write, or a later one, is in view. */
  async seen(kind: ViewedKind, written: KubeObject): Promise<void> {
    const { namespace = "", name, resourceVersion = "0" } = written.metadata;
    const isSeen = () =>
      BigInt(this.get(kind, namespace, name)?.metadata.resourceVersion ?? "0") >= BigInt(resourceVersion);
    await eventually(`${kind} ${namespace}/${name} in view`, isSeen, { limitMs: SEEN_WITHIN_MS });
  }

  /** Waits until that object is gone; another one of its name may stand there already. */
  async gone(kind: ViewedKind, deleted: KubeObject): Promise<void> {
    const { namespace = "", name, uid } = deleted.metadata;
    const isGone = () => this.get(kind, namespace, name)?.metadata.uid !== uid;
    await eventually(`${kind} ${namespace}/${name} gone`, isGone, { limitMs: SEEN_WITHIN_MS });
  }

  async #follow(kube: KubeClient, kind: ViewedKind, signal: AbortSignal): Promise<void> {
    const type = TYPES[kind];
    let { resourceVersion } = await kube.list(type, { limit: 1 }, signal);
    while (!signal.aborted) {
      for await (const event of kube.watch<Viewed>(type, { resourceVersion, timeoutSeconds: 600 }, signal)) {
        if (event.type === "ERROR") throw new Error(`the watch of ${type.plural} ended: ${event.reason}`);
        const { namespace = "", name, resourceVersion: version = resourceVersion } = event.object.metadata;
        resourceVersion = version;
        const key = `${kind}/${namespace}/${name}`;
        if (event.type === "DELETED") this.#objects.delete(key);
        else if (event.type !== "BOOKMARK") this.#objects.set(key, event.object);
      }
    }
  }
}
