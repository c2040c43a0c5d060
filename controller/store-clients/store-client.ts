/** An opened client as the cache hands it out: counts its calls, shares equal reads, and closes when the last one ends. */
import type { Clock } from "../../api/clock.ts";
import type { FindRef, PushRef, RemoteRef, SecretsClient, ValidationResult } from "../../providers/contract.ts";
import { SyncError } from "../../providers/errors.ts";
import type { SecretMap } from "../../providers/secret-map.ts";
import { SharedReads } from "../../providers/shared-reads.ts";

/** How a call ended; `coalesced`: another's equal read answered, and the backend was not asked. */
export type CallStatus = "success" | "error" | "coalesced";

/** Hears how each call ended. */
export type OnCall = (call: string, status: CallStatus, reason?: SyncError["reason"]) => void;

/** Wraps the client of a backend. Its own reads are answered by none that began before them. */
export class StoreClient implements SecretsClient {
  readonly #inner: SecretsClient;
  readonly #onCall: OnCall;
  readonly #reads: SharedReads;
  #running = 0;
  #retired = false;
  readonly #closed = Promise.withResolvers<void>();

  constructor(inner: SecretsClient, onCall: OnCall, clock: Clock) {
    this.#inner = inner;
    this.#onCall = onCall;
    this.#reads = new SharedReads(clock);
  }

  /** The same client, whose reads may be answered by equal ones that began at most so long ago. */
  sharing(maxAgeMs: number): SecretsClient {
    if (maxAgeMs <= 0) return this;
    return {
      getSecret: (ref, signal) => this.getSecret(ref, signal, maxAgeMs),
      getSecretMap: (ref, signal) => this.getSecretMap(ref, signal, maxAgeMs),
      findSecrets: (find, signal) => this.findSecrets(find, signal, maxAgeMs),
      validate: (signal) => this.validate(signal),
      secretExists: (ref, signal) => this.secretExists(ref, signal),
      pushSecret: (ref, value, signal) => this.pushSecret(ref, value, signal),
      deleteSecret: (ref, signal) => this.deleteSecret(ref, signal),
      close: () => this.close(),
    };
  }

  getSecret(ref: RemoteRef, signal: AbortSignal, maxAgeMs = 0): Promise<Uint8Array> {
    return this.#read("getSecret", ref, (inner) => this.#inner.getSecret(ref, inner), signal, maxAgeMs);
  }

  getSecretMap(ref: RemoteRef, signal: AbortSignal, maxAgeMs = 0): Promise<SecretMap> {
    return this.#read("getSecretMap", ref, (inner) => this.#inner.getSecretMap(ref, inner), signal, maxAgeMs);
  }

  findSecrets(find: FindRef, signal: AbortSignal, maxAgeMs = 0): Promise<SecretMap> {
    return this.#read("findSecrets", find, (inner) => this.#inner.findSecrets(find, inner), signal, maxAgeMs);
  }

  validate(signal: AbortSignal): Promise<ValidationResult> {
    return this.#call("validate", () => this.#inner.validate(signal));
  }

  secretExists(ref: PushRef, signal: AbortSignal): Promise<boolean> {
    return this.#call("secretExists", () => this.#inner.secretExists(ref, signal));
  }

  pushSecret(ref: PushRef, value: Uint8Array, signal: AbortSignal): Promise<void> {
    return this.#call("pushSecret", () => this.#inner.pushSecret(ref, value, signal));
  }

  deleteSecret(ref: PushRef, signal: AbortSignal): Promise<void> {
    return this.#call("deleteSecret", () => this.#inner.deleteSecret(ref, signal));
  }

  /** Closes once the calls that run have ended. Calls that begin later still work until then. */
  close(): Promise<void> {
    this.#retired = true;
    this.#reads.clear();
    this.#closeIfIdle();
    return this.#closed.promise;
  }

  async #read<T>(
    call: string,
    ref: object,
    start: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
    maxAgeMs: number,
  ): Promise<T> {
    const key = `${call} ${JSON.stringify(ref)}`;
    const begin = (inner: AbortSignal) => this.#call(call, () => start(inner));
    const { value, joined } = await this.#reads.run(key, begin, signal, maxAgeMs);
    if (joined) this.#onCall(call, "coalesced");
    return value;
  }

  async #call<T>(call: string, start: () => Promise<T>): Promise<T> {
    this.#running += 1;
    try {
      const value = await start();
      this.#onCall(call, "success");
      return value;
    } catch (error) {
      this.#onCall(call, "error", error instanceof SyncError ? error.reason : undefined);
      throw error;
    } finally {
      this.#running -= 1;
      this.#closeIfIdle();
    }
  }

  #closeIfIdle(): void {
    if (this.#retired && this.#running === 0) this.#closed.resolve(this.#inner.close());
  }
}
