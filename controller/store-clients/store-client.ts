/** An opened client as the cache hands it out: counts its calls, shares equal reads, and closes when the last one ends. */
import type { FindRef, PushRef, RemoteRef, SecretsClient, ValidationResult } from "../../providers/contract.ts";
import { SyncError } from "../../providers/errors.ts";
import type { SecretMap } from "../../providers/secret-map.ts";
import { SharedReads } from "./shared-reads.ts";

/** How a call ended; `coalesced`: another's equal read, under way already, answered, and the backend was not asked. */
export type CallStatus = "success" | "error" | "coalesced";

/** Hears how each call ended. */
export type OnCall = (call: string, status: CallStatus, reason?: SyncError["reason"]) => void;

/** Wraps the client of a backend. */
export class StoreClient implements SecretsClient {
  readonly #inner: SecretsClient;
  readonly #onCall: OnCall;
  readonly #reads = new SharedReads();
  #running = 0;
  #retired = false;
  readonly #closed = Promise.withResolvers<void>();

  constructor(inner: SecretsClient, onCall: OnCall) {
    this.#inner = inner;
    this.#onCall = onCall;
  }

  getSecret(ref: RemoteRef, signal: AbortSignal): Promise<Uint8Array> {
    return this.#read("getSecret", ref, (inner) => this.#inner.getSecret(ref, inner), signal);
  }

  getSecretMap(ref: RemoteRef, signal: AbortSignal): Promise<SecretMap> {
    return this.#read("getSecretMap", ref, (inner) => this.#inner.getSecretMap(ref, inner), signal);
  }

  findSecrets(find: FindRef, signal: AbortSignal): Promise<SecretMap> {
    return this.#read("findSecrets", find, (inner) => this.#inner.findSecrets(find, inner), signal);
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
    this.#closeIfIdle();
    return this.#closed.promise;
  }

  async #read<T>(
    call: string,
    ref: object,
    start: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const key = `${call} ${JSON.stringify(ref)}`;
    const { value, joined } = await this.#reads.run(key, (inner) => this.#call(call, () => start(inner)), signal);
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
