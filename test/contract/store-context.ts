/** The surroundings that a controller would hand to a backend: a cluster in memory. */
import { systemClock } from "../../api/clock.ts";
import { renderStoreTemplate } from "../../controller/store-clients/store-template.ts";
import type { KeySelector, StoreContext, StoreIdentity } from "../../providers/contract.ts";
import { InvalidConfiguration, ReferentNamespaceMissing } from "../../providers/errors.ts";
import { SecretMap } from "../../providers/secret-map.ts";
import { WakingClock } from "./waking-clock.ts";

/** What a test puts into the cluster, and what it changes of the context. */
export interface Surroundings extends Partial<Omit<StoreContext, "namespace">> {
  readonly namespace?: string | undefined;
  /** `name/key` to value. May be changed while the context is in use. */
  readonly secrets?: Record<string, string | Uint8Array>;
  /** Labels of Secrets: `name/label` to value. */
  readonly labels?: Record<string, string>;
  /** `name/key` to value. */
  readonly configMaps?: Record<string, string>;
  /** Issues a token for a service account and audiences. */
  readonly issueToken?: (name: string, audiences: readonly string[]) => string | Promise<string>;
}

/** The store `team/store`, its cluster, and a clock whose sleeps end at once. */
export function createStoreContext(surroundings: Surroundings = {}): StoreContext {
  const { secrets = {}, labels = {}, configMaps = {}, issueToken, ...changed } = surroundings;
  const store: StoreIdentity = changed.store ?? { kind: "SecretStore", name: "store", namespace: "team" };
  const namespace = "namespace" in surroundings ? surroundings.namespace : "team";
  const read = (data: Record<string, string | Uint8Array>, { name, key, ...ref }: KeySelector, field: string) => {
    requireNamespace(ref, namespace, field);
    const value = data[`${name}/${key}`];
    if (value === undefined)
      throw new InvalidConfiguration(`"${name}" has no key "${key}"`, { field, remedy: "add it" });
    return typeof value === "string" ? new TextEncoder().encode(value) : value;
  };
  return {
    clock: new WakingClock(),
    environment: {},
    requestTimeoutMs: 5_000,
    readSecretKey: async (ref, field) => read(secrets, ref, field),
    readConfigMapKey: async (ref, field) => read(configMaps, ref, field),
    async readLabelledSecret({ name, ...ref }, label, field) {
      requireNamespace(ref, namespace, field);
      const keys = Object.entries(secrets).filter(([key]) => key.startsWith(`${name}/`));
      if (labels[`${name}/${label.key}`] !== label.value) throw new InvalidConfiguration("no label", { field });
      return new SecretMap(keys.map(([key, value]) => [key.slice(`${name}/`.length), Buffer.from(value)]));
    },
    renderTemplate: (field, text, data) => renderStoreTemplate(systemClock, field, text, data),
    async requestToken({ name, audiences = [], ...ref }, { defaultAudiences, field }) {
      requireNamespace(ref, namespace, field);
      const token = await issueToken?.(name, [...defaultAudiences, ...audiences]);
      if (token === undefined) throw new InvalidConfiguration(`no service account "${name}"`, { field });
      return { token, expiresAtMs: Number.MAX_SAFE_INTEGER };
    },
    readServiceAccountAnnotations: async () => ({}),
    ...changed,
    store,
    namespace,
  };
}

function requireNamespace(ref: { readonly namespace?: string }, namespace: string | undefined, field: string): void {
  if (ref.namespace !== undefined || namespace !== undefined) return;
  throw new ReferentNamespaceMissing(`${field} names no namespace`, { field, remedy: "name one" });
}
