/** Opens the stores of SyncedSecrets: those of the program, and those that stand in the cluster. One client serves all equal ones. */
import { createHash } from "node:crypto";
import { CLUSTER_SECRET_STORE, SECRET_STORE } from "../../api/resource-types.ts";
import type { SecretStore } from "../../api/secret-store.ts";
import { storeKeyOf } from "../../controller/cache/store-key.ts";
import type { KubeClient, KubeObject, ResourceType } from "../../controller/kube/contracts.ts";
import { isNotFound } from "../../controller/kube/kube-api-error.ts";
import { isNamespaceAllowed } from "../../controller/secret-store/namespace-conditions.ts";
import { type OpenableStore, StoreClients } from "../../controller/store-clients/store-clients.ts";
import type { StoreRef } from "../../engine/fetch-secret-data.ts";
import type { SecretsClient, StoreIdentity } from "../../providers/contract.ts";
import { InvalidConfiguration } from "../../providers/errors.ts";
import type { Credentials, InlineStore, Store, StoreReference } from "../resource/inputs.ts";
import { isStoreReference } from "../resource/inputs.ts";
import { withCredentials } from "./credential-secrets.ts";

/** What opening takes. */
export interface StoresParts extends Omit<ConstructorParameters<typeof StoreClients>[0], "onCall"> {
  /** Stores of the cluster are read once in this time, in milliseconds. */
  readonly rereadMs: number;
}

/** What one SyncedSecret says of its stores. */
export interface StoreUse {
  readonly namespace: string;
  readonly store?: Store;
  readonly credentials?: Credentials;
}

const NAMESPACE: ResourceType = {
  group: "",
  version: "v1",
  kind: "Namespace",
  plural: "namespaces",
  namespaced: false,
};

/** The identity that a store of the program has: references without a namespace mean that of each SyncedSecret. */
export function inlineIdentity(store: InlineStore): StoreIdentity {
  return { kind: "ClusterSecretStore", name: `inline-${digest(store).slice(0, 12)}` };
}

function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}

interface Remembered {
  readonly atMs: number;
  readonly store: Promise<OpenableStore>;
}

/** Lives as long as the process of the provider. */
export class Stores {
  readonly #parts: StoresParts;
  /** By the digest of the credentials. */
  readonly #clients = new Map<string, StoreClients>();
  readonly #stores = new Map<string, Remembered>();
  #calls = 0;

  constructor(parts: StoresParts) {
    this.#parts = parts;
  }

  /** Calls to backends so far; equal reads that were joined are not counted. */
  get calls(): number {
    return this.#calls;
  }

  /**
   * The client for one entry of a spec.
   * @param named what the entry or the spec names; not used where the SyncedSecret has a store and the entry names none.
   * @throws SyncError saying what is wrong with the store.
   */
  async open(use: StoreUse, named: StoreRef | undefined, signal: AbortSignal): Promise<SecretsClient> {
    const clients = this.#clientsFor(use.credentials);
    const store = await this.#openable(use, named, signal);
    return clients.open(store, use.namespace, signal);
  }

  /** Ends all sessions with backends. */
  async close(): Promise<void> {
    await Promise.all([...this.#clients.values()].map((clients) => clients.close()));
  }

  #clientsFor(credentials: Credentials | undefined): StoreClients {
    const key = credentials === undefined ? "" : digest(credentials);
    const present = this.#clients.get(key);
    if (present !== undefined) return present;
    const { kube, environment } = this.#parts;
    const clients = new StoreClients({
      ...this.#parts,
      kube: credentials === undefined ? kube : withCredentials(kube, credentials, environment),
      onCall: (_provider, _call, status) => {
        if (status !== "coalesced") this.#calls += 1;
      },
    });
    this.#clients.set(key, clients);
    return clients;
  }

  #openable({ namespace, store }: StoreUse, named: StoreRef | undefined, signal: AbortSignal): Promise<OpenableStore> {
    if (named === undefined && store !== undefined && !isStoreReference(store))
      return Promise.resolve(inlineStore(store));
    const ref = named ?? (store && referenceOf(store as StoreReference));
    if (ref === undefined) {
      throw new InvalidConfiguration("no store is named", {
        field: "store",
        remedy: "set store, spec.secretStoreRef, or the store of the provider",
      });
    }
    const home = named === undefined ? ((store as StoreReference).storeRef.namespace ?? namespace) : namespace;
    return this.#fromCluster(ref, home, namespace, signal);
  }

  #fromCluster(ref: StoreRef, home: string, user: string, signal: AbortSignal): Promise<OpenableStore> {
    const key = `${storeKeyOf(ref, home)} ${ref.kind === "ClusterSecretStore" ? user : ""}`;
    const nowMs = this.#parts.clock.now();
    const present = this.#stores.get(key);
    if (present !== undefined && nowMs - present.atMs < this.#parts.rereadMs) return present.store;
    const store = readStore(this.#parts.kube, ref, home, user, signal);
    const remembered = { atMs: nowMs, store };
    this.#stores.set(key, remembered);
    store.catch(() => {
      if (this.#stores.get(key) === remembered) this.#stores.delete(key);
    });
    return store;
  }
}

function referenceOf({ storeRef }: StoreReference): StoreRef {
  return { name: storeRef.name, kind: storeRef.kind ?? "SecretStore" };
}

function inlineStore(store: InlineStore): OpenableStore {
  const identity = inlineIdentity(store);
  const { provider, retrySettings } = store;
  const spec = { provider, ...(retrySettings === undefined ? {} : { retrySettings }) };
  const object = { metadata: { name: identity.name, uid: identity.name, generation: 1 }, spec };
  return { key: storeKeyOf(identity, ""), identity, object };
}

async function readStore(
  kube: KubeClient,
  ref: StoreRef,
  home: string,
  user: string,
  signal: AbortSignal,
): Promise<OpenableStore> {
  const isCluster = ref.kind === "ClusterSecretStore";
  const name = isCluster ? { name: ref.name } : { name: ref.name, namespace: home };
  const shown = `${ref.kind} "${isCluster ? ref.name : `${home}/${ref.name}`}"`;
  const object = await readObject<SecretStore & KubeObject>(
    kube,
    isCluster ? CLUSTER_SECRET_STORE : SECRET_STORE,
    name,
    shown,
    signal,
  );
  if (isCluster) await requireAllowed(kube, object, user, shown, signal);
  return {
    key: storeKeyOf(ref, home),
    identity: { kind: ref.kind, name: ref.name, ...(isCluster ? {} : { namespace: home }) },
    object,
  };
}

async function readObject<T extends KubeObject>(
  kube: KubeClient,
  type: ResourceType,
  name: { readonly name: string; readonly namespace?: string },
  shown: string,
  signal: AbortSignal,
): Promise<T> {
  try {
    return await kube.get<T>(type, name, signal);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new InvalidConfiguration(`${shown} does not exist`, {
      cause: error,
      field: "store.storeRef",
      remedy: "create it, correct the reference, or put the store's provider block into the program (store.provider)",
    });
  }
}

async function requireAllowed(
  kube: KubeClient,
  { spec }: SecretStore,
  namespace: string,
  shown: string,
  signal: AbortSignal,
): Promise<void> {
  if (spec.conditions === undefined || spec.conditions.length === 0) return;
  const { metadata } = await kube.get(NAMESPACE, { name: namespace }, signal);
  if (isNamespaceAllowed(spec.conditions, namespace, metadata.labels)) return;
  throw new InvalidConfiguration(`${shown} does not permit the namespace "${namespace}": denied by spec.conditions`, {
    field: "store.storeRef",
    remedy: "permit the namespace in the store's spec.conditions, or use another store",
  });
}
