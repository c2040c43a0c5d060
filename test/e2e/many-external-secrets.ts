/** Many ExternalSecrets at once, and a look at every content that their Secrets ever had. */
import { createHash } from "node:crypto";
import { systemClock } from "../../api/clock.ts";
import { EXTERNAL_SECRET, SECRET_STORE } from "../../api/resource-types.ts";
import { createKubeClient } from "../../controller/kube/client.ts";
import type { KubeClient, KubeObject } from "../../controller/kube/contracts.ts";
import { loadKubeConfig } from "../../controller/kube/kube-config.ts";
import type { ControlPlane } from "../ground/index.ts";

const NAMESPACE = { group: "", version: "v1", kind: "Namespace", plural: "namespaces", namespaced: false } as const;
const SECRET = { group: "", version: "v1", kind: "Secret", plural: "secrets", namespaced: true } as const;
const PARALLEL = 16;

interface Secret extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

/** A client without a limit of its own. `close` it. */
export async function adminClient(controlPlane: ControlPlane): Promise<KubeClient> {
  const config = await loadKubeConfig({ kubeconfigPath: controlPlane.kubeconfigPath, environment: {} });
  return createKubeClient(config, { clock: systemClock, qps: 0 });
}

/** The value that the ExternalSecret of that number is to get. */
export const remoteValue = (index: number) => `value-${index}`;

/** A namespace with a fake store and `count` ExternalSecrets `es-0`, … of one key each. */
export async function createMany(
  kube: KubeClient,
  namespace: string,
  count: number,
  signal: AbortSignal,
): Promise<void> {
  await kube.create(NAMESPACE, { metadata: { name: namespace } }, signal);
  const data = Array.from({ length: count }, (_, index) => ({ key: `key-${index}`, value: remoteValue(index) }));
  const store = { metadata: { name: "fake", namespace }, spec: { provider: { fake: { data } } } };
  await kube.create(SECRET_STORE, store, signal);
  const numbers = Array.from({ length: count }, (_, index) => index).values();
  const worker = async () => {
    for (const index of numbers) await kube.create(EXTERNAL_SECRET, externalSecret(namespace, index), signal);
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}

function externalSecret(namespace: string, index: number): KubeObject {
  const spec = {
    refreshInterval: "1h",
    secretStoreRef: { name: "fake", kind: "SecretStore" },
    data: [{ secretKey: "value", remoteRef: { key: `key-${index}` } }],
  };
  const object = { metadata: { name: `es-${index}`, namespace }, spec };
  return object;
}

/** Every different content that a Secret of the namespace has had since the watch began, by name. */
export class SecretHistory {
  readonly contents = new Map<string, Set<string>>();
  /** Names of Secrets that are there now. */
  readonly present = new Set<string>();
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;

  constructor(kube: KubeClient, namespace: string) {
    this.#done = this.#follow(kube, namespace).catch((error) => {
      if (!this.#stop.signal.aborted) throw error;
    });
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error("seen enough"));
    await this.#done;
  }

  async #follow(kube: KubeClient, namespace: string): Promise<void> {
    const { signal } = this.#stop;
    const { resourceVersion } = await kube.list<Secret>(SECRET, { namespace }, signal);
    const options = { namespace, resourceVersion, timeoutSeconds: 300 };
    for await (const event of kube.watch<Secret>(SECRET, options, signal)) {
      if (event.type === "ADDED" || event.type === "MODIFIED") this.#note(event.object);
      else if (event.type === "DELETED") this.present.delete(event.object.metadata.name);
    }
  }

  #note({ metadata: { name }, data }: Secret): void {
    const seen = this.contents.get(name) ?? new Set<string>();
    this.contents.set(name, seen.add(createHash("sha256").update(JSON.stringify(data)).digest("hex")));
    this.present.add(name);
  }
}
