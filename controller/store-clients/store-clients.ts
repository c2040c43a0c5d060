/** The opened clients: one for each store, shared by all ExternalSecrets that use it. */
import type { Clock } from "../../api/clock.ts";
import type { ProviderSpec, SecretStore } from "../../api/secret-store.ts";
import type { SecretsClient, StoreContext, StoreIdentity } from "../../providers/contract.ts";
import { ReferentNamespaceMissing, type SyncError, Transient } from "../../providers/errors.ts";
import type { BoundBackend } from "../../providers/index.ts";
import type { StoreKey } from "../cache/store-key.ts";
import type { KubeClient, Logger } from "../kube/contracts.ts";
import { limitTime, raceAbort } from "../kube/time-limit.ts";
import { Dependencies, type DependencyKey, type StoreUse } from "./dependencies.ts";
import { currentVersion } from "./object-version.ts";
import { type CallStatus, type OnCall, StoreClient } from "./store-client.ts";
import { createStoreContext, type StoreReader } from "./store-context.ts";

/** A store as it is in the cluster now. */
export interface OpenableStore {
  readonly key: StoreKey;
  readonly identity: StoreIdentity;
  readonly object: SecretStore;
}

export interface StoreClientsParts {
  readonly kube: KubeClient;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly requestTimeoutMs: number;
  /** As `bindBackend` of the providers' table. */
  readonly bindBackend: (provider: ProviderSpec) => Promise<BoundBackend>;
  /** Who reads what stores refer to, for messages. Default: the controller. */
  readonly reader?: StoreReader;
  readonly onCall: (
    provider: string,
    call: string,
    status: CallStatus,
    reason: SyncError["reason"] | undefined,
    store: StoreKey,
  ) => void;
  /** As `StoreContext.observeCall`. */
  readonly observeCall?: StoreContext["observeCall"];
}

/** A client that nobody used for this long is closed. */
const MAX_IDLE_MS = 15 * 60_000;
/** Opening may take several calls: a few Secrets, a token, a login. */
const OPEN_TIMEOUT_MS = 60_000;

interface Entry extends StoreUse {
  /** Of the store that it was opened for. */
  readonly version: string;
  readonly client: Promise<StoreClient>;
  /** Set once `client` has resolved. */
  opened?: StoreClient;
  usedAtMs: number;
}

/** Opens on first use; closes what is replaced, unused or left at the end. */
export class StoreClients {
  readonly #parts: StoreClientsParts;
  readonly #entries = new Map<string, Entry>();
  readonly #dependencies = new Dependencies();
  /** ClusterSecretStores (key and version) whose references need the namespace of each ExternalSecret. */
  readonly #referent = new Map<StoreKey, string>();
  readonly #lifetime = new AbortController();
  readonly #closing = new Set<Promise<void>>();

  constructor(parts: StoreClientsParts) {
    this.#parts = parts;
  }

  /**
   * The client of a store; `namespace` is that of the ExternalSecret, unset while a ClusterSecretStore is validated by itself.
   * Its reads may be answered by equal ones that began at most `maxAgeMs` ago (default 0: by none that began before).
   * @throws SyncError where it cannot be opened; ReferentNamespaceMissing only where `namespace` is unset.
   */
  async open(
    store: OpenableStore,
    namespace: string | undefined,
    signal: AbortSignal,
    maxAgeMs = 0,
  ): Promise<SecretsClient> {
    const openFor = async (user: string | undefined) => (await this.#open(store, user, signal)).sharing(maxAgeMs);
    if (store.identity.kind === "SecretStore") return openFor(store.identity.namespace);
    if (namespace === undefined) return openFor(undefined);
    if (this.#referent.get(store.key) === versionOf(store)) return openFor(namespace);
    try {
      return this.#withNamespace(store, namespace, await openFor(undefined));
    } catch (error) {
      if (!(error instanceof ReferentNamespaceMissing)) throw error;
      this.#referent.set(store.key, versionOf(store));
      return openFor(namespace);
    }
  }

  /** Closes the clients of a store, so that the next use opens anew; of one namespace's use where it is given. */
  discard(store: StoreKey, namespace?: string): void {
    for (const [id, entry] of this.#entries) {
      if (entry.store === store && (namespace === undefined || entry.namespace === namespace)) this.#retire(id, entry);
    }
  }

  /** Forgets a store that is gone. */
  forget(store: StoreKey): void {
    this.discard(store);
    this.#referent.delete(store);
    this.#dependencies.forget(store);
  }

  /**
   * An object of the cluster is in this version now (`undefined`: gone). Clients that used another one are closed.
   * Returns the uses that should be tried anew.
   */
  objectChanged(dependency: DependencyKey, resourceVersion: string | undefined): readonly StoreUse[] {
    const uses = this.#dependencies.outdatedBy(dependency, resourceVersion);
    for (const { store, namespace } of uses) {
      for (const [id, entry] of this.#entries) {
        if (entry.store === store && entry.namespace === namespace) this.#retire(id, entry);
      }
    }
    return uses;
  }

  /**
   * Looks whether ConfigMaps and ServiceAccounts that the store was opened with are still the same, for nobody watches those;
   * where one is not, the next use opens anew. One small request for each.
   * @throws the signal's reason; whatever else fails is left to the next use.
   */
  async recheck(store: StoreKey, signal: AbortSignal): Promise<void> {
    for (const dependency of this.#dependencies.ofStore(store)) {
      const version = await currentVersion(this.#parts.kube, dependency, signal);
      if (version !== undefined) this.objectChanged(dependency, version.resourceVersion);
    }
  }

  /** Closes what nobody used for a quarter of an hour. */
  closeIdle(): void {
    const before = this.#parts.clock.now() - MAX_IDLE_MS;
    for (const [id, entry] of this.#entries) if (entry.usedAtMs < before) this.#retire(id, entry);
  }

  /** Clients that are open. */
  get size(): number {
    return this.#entries.size;
  }

  /** Closes all, revoking what they were given; resolves when that is done. */
  async close(): Promise<void> {
    for (const [id, entry] of this.#entries) this.#retire(id, entry);
    await Promise.all(this.#closing);
    this.#lifetime.abort(new Error("the controller stops"));
  }

  async #open(store: OpenableStore, namespace: string | undefined, signal: AbortSignal): Promise<StoreClient> {
    const id = `${store.key} ${namespace ?? ""}`;
    const version = versionOf(store);
    let entry = this.#entries.get(id);
    if (entry !== undefined && entry.version !== version) {
      this.#retire(id, entry);
      entry = undefined;
    }
    if (entry === undefined) {
      entry = this.#opened(store, namespace, version);
      this.#entries.set(id, entry);
      this.#noteEnd(id, entry);
    }
    entry.usedAtMs = this.#parts.clock.now();
    return entry.opened ?? raceAbort(entry.client, signal);
  }

  #opened(store: OpenableStore, namespace: string | undefined, version: string): Entry {
    const { clock, kube, environment, requestTimeoutMs, bindBackend, reader, onCall, observeCall } = this.#parts;
    const use: StoreUse = { store: store.key, namespace };
    this.#dependencies.forget(use);
    const open = async () => {
      const limit = limitTime(clock, OPEN_TIMEOUT_MS, this.#lifetime.signal, () => new Transient("opening timed out"));
      try {
        const backend = await bindBackend(store.object.spec.provider);
        const context = createStoreContext({
          store: store.identity,
          namespace,
          kube,
          clock,
          environment,
          requestTimeoutMs,
          reader,
          observeCall,
          retrySettings: store.object.spec.retrySettings,
          onRead: (dependency, resourceVersion) => this.#dependencies.note(dependency, use, resourceVersion),
        });
        const inner = await raceAbort(backend.open(context, limit.signal), limit.signal);
        const tell: OnCall = (call, status, reason) => onCall(backend.name, call, status, reason, store.key);
        return new StoreClient(inner, tell, clock);
      } finally {
        limit.end();
      }
    };
    return { ...use, version, client: open(), usedAtMs: clock.now() };
  }

  #noteEnd(id: string, entry: Entry): void {
    const opened = (client: StoreClient) => {
      entry.opened = client;
    };
    entry.client.then(opened, () => {
      if (this.#entries.get(id) === entry) this.#entries.delete(id);
    });
  }

  #retire(id: string, entry: Entry): void {
    this.#entries.delete(id);
    const closing: Promise<void> = entry.client
      .then(
        (client) => client.close(),
        () => undefined,
      )
      .catch(() => this.#parts.logger.warn("closing a store's client failed", { store: entry.store }))
      .finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }

  /** A backend may find out only at the first call that it needs the namespace: then its own client serves from there on. */
  #withNamespace(store: OpenableStore, namespace: string, shared: SecretsClient): SecretsClient {
    const call = async <T>(signal: AbortSignal, run: (client: SecretsClient) => Promise<T>): Promise<T> => {
      try {
        return await run(shared);
      } catch (error) {
        if (!(error instanceof ReferentNamespaceMissing)) throw error;
        this.#referent.set(store.key, versionOf(store));
        return run(await this.#open(store, namespace, signal));
      }
    };
    return {
      getSecret: (ref, signal) => call(signal, (client) => client.getSecret(ref, signal)),
      getSecretMap: (ref, signal) => call(signal, (client) => client.getSecretMap(ref, signal)),
      findSecrets: (find, signal) => call(signal, (client) => client.findSecrets(find, signal)),
      validate: (signal) => call(signal, (client) => client.validate(signal)),
      secretExists: (ref, signal) => call(signal, (client) => client.secretExists(ref, signal)),
      pushSecret: (ref, value, signal) => call(signal, (client) => client.pushSecret(ref, value, signal)),
      deleteSecret: (ref, signal) => call(signal, (client) => client.deleteSecret(ref, signal)),
      close: async () => undefined,
    };
  }
}

/** Changes with each edit of the store's spec, and when it was deleted and made anew. */
export function versionOf({ object }: Pick<OpenableStore, "object">): string {
  return `${object.metadata.uid ?? ""}:${object.metadata.generation ?? 0}`;
}
