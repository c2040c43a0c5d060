/** What all SyncedSecrets of one provider process share: the cluster, the opened stores, what was read lately, and the end of it all. */
import { createHash } from "node:crypto";
import type { Clock } from "../../api/clock.ts";
import type { KubeClient, Logger } from "../../controller/kube/contracts.ts";
import { limitTime } from "../../controller/kube/time-limit.ts";
import type { StoreRef } from "../../engine/fetch-secret-data.ts";
import { createTemplateEngine, type TemplateEngine } from "../../engine/template-engine.ts";
import type { SecretsClient } from "../../providers/contract.ts";
import { Transient } from "../../providers/errors.ts";
import { bindBackend } from "../../providers/index.ts";
import type { CheckFailure } from "../resource/check.ts";
import type { Credentials, Store } from "../resource/inputs.ts";
import type { SyncConfiguration } from "./configuration.ts";
import { type KubeAccess, openKubeAccess } from "./kube-access.ts";
import { RecentResults } from "./recent-results.ts";
import { Stores, type StoreUse } from "./stores.ts";

/** The process, as far as a session goes. */
export interface SessionSurroundings {
  readonly clock: Clock;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly homeFolder: string | undefined;
  /** Gives so many random bytes. */
  readonly randomBytes: (length: number) => Uint8Array;
  readonly logger: Logger;
}

/** An operation on one resource ends within this time, in milliseconds, unless the user set another by `customTimeouts`. */
const OPERATION_TIMEOUT_MS = 5 * 60_000;
/** The engine waits for a provider's end, but not for long. */
const RELEASE_LIMIT_MS = 2_000;
/** Stores of the cluster are read again after this time: an `up` may change one in between. */
const STORE_REREAD_MS = 5_000;
/** Who reads the Secrets that stores refer to. */
const KUBECONFIG_USER = {
  name: "the user of the kubeconfig",
  remedy: "grant it to that user, or give the credential in credentials of the SyncedSecret or of the provider",
};

/** One for each provider process. Safe for concurrent operations. */
export class SyncSession {
  readonly clock: Clock;
  readonly configuration: SyncConfiguration;
  readonly randomBytes: SessionSurroundings["randomBytes"];
  readonly engine: TemplateEngine;
  /** What `diff` read and rendered, for the `create` or `update` that follows. */
  readonly recent: RecentResults;
  /** What is wrong with a store, by the store itself: the one of the configuration is that of many resources. */
  readonly storeFailures = new WeakMap<Store, Promise<readonly CheckFailure[]>>();
  /** Resources that the program has named so far, by `namespace/name` of their metadata. */
  readonly named = new Set<string>();
  readonly #access: KubeAccess;
  readonly #stores: Stores;
  readonly #cancelled = new AbortController();

  constructor(configuration: SyncConfiguration, surroundings: SessionSurroundings) {
    const { clock, environment, logger, randomBytes } = surroundings;
    this.clock = clock;
    this.configuration = configuration;
    this.randomBytes = randomBytes;
    this.engine = createTemplateEngine({ surroundings: { now: () => clock.now(), randomBytes } });
    this.recent = new RecentResults(clock);
    this.#access = openKubeAccess(configuration, surroundings);
    const { requestTimeoutMs } = configuration;
    const common = { clock, environment, logger, requestTimeoutMs, bindBackend, reader: KUBECONFIG_USER };
    this.#stores = new Stores({ ...common, kube: this.#access.client, rereadMs: STORE_REREAD_MS });
  }

  /** The cluster. Connects at the first call. */
  get kube(): KubeClient {
    return this.#access.client;
  }

  /** Calls to backends so far. */
  get backendCalls(): number {
    return this.#stores.calls;
  }

  /** Where Secrets go that name no namespace. @throws InvalidConfiguration where no cluster is configured. */
  async defaultNamespace(): Promise<string> {
    return this.configuration.namespace ?? (await this.#access.namespace());
  }

  /** Opens a store, or takes the client that serves all equal ones. @throws SyncError */
  open(use: StoreUse, named: StoreRef | undefined, signal: AbortSignal): Promise<SecretsClient> {
    return this.#stores.open(use, named, signal);
  }

  /** The credentials of a resource over those of the provider. */
  credentialsOf(own: Credentials | undefined): Credentials | undefined {
    const { credentials } = this.configuration;
    return credentials === undefined ? own : { ...credentials, ...own };
  }

  /** The store of a resource; unset where its `spec.secretStoreRef` names one of the cluster. */
  storeOf(own: Store | undefined, hasReference: boolean): Store | undefined {
    return own ?? (hasReference ? undefined : this.configuration.store);
  }

  /**
   * Runs an operation with a limit of time; it ends early when the session is cancelled.
   * @param timeoutMs 0 or unset: 5 minutes.
   * @throws Transient when the time is over; what the operation throws.
   */
  async run<T>(operation: (signal: AbortSignal) => Promise<T>, timeoutMs = 0): Promise<T> {
    const ms = timeoutMs > 0 ? timeoutMs : OPERATION_TIMEOUT_MS;
    const timeout = () => new Transient(`not done within ${ms / 1_000} s`, { remedy: "set customTimeouts" });
    const limit = limitTime(this.clock, ms, this.#cancelled.signal, timeout);
    try {
      return await operation(limit.signal);
    } finally {
      limit.end();
    }
  }

  /** Ends all that waits. A write that was sent is awaited: the Secret is the old or the new one. */
  cancel(): void {
    this.#cancelled.abort(new Error("cancelled"));
  }

  /** Cancels, and gives back what backends lent (tokens), which may take up to two seconds. Connections to the cluster stay: a write may be under way. */
  async release(): Promise<void> {
    this.cancel();
    await Promise.race([this.#stores.close(), this.clock.sleep(RELEASE_LIMIT_MS)]);
  }

  /** Ends sessions with backends and connections. */
  async close(): Promise<void> {
    this.cancel();
    await this.#stores.close();
    this.#access.client.close();
  }
}

/** Names inputs without holding them. */
export function digestOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("base64url");
}
