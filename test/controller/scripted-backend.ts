/** A backend whose values, errors and delays a test sets, and which counts what is asked of it. */
import type { FindRef, RemoteRef, SecretsClient, StoreContext, ValidationResult } from "../../providers/contract.ts";
import { ReferentNamespaceMissing, SecretNotFound } from "../../providers/errors.ts";
import type { BoundBackend } from "../../providers/index.ts";
import { requireProperty } from "../../providers/property/index.ts";
import { SecretMap } from "../../providers/secret-map.ts";

export class ScriptedBackend {
  readonly values = new Map<string, string>();
  /** Thrown by reads of the key; by searches, which find all values: under `*`. */
  readonly failures = new Map<string, Error>();
  /** Thrown when a client is opened. */
  openFailure: Error | undefined;
  /** Thrown by validate. */
  validateFailure: Error | undefined;
  validation: ValidationResult = "Ready";
  /** What opening does with the context; default: nothing. */
  onOpen: (context: StoreContext, signal: AbortSignal) => Promise<void> = async () => undefined;
  /** Whether calls (not the opening) need the namespace of an ExternalSecret. */
  needsNamespace = false;
  /** Awaited by each read. */
  beforeRead: () => Promise<void> = async () => undefined;
  reads = 0;
  validations = 0;
  /** The namespaces of the contexts that were opened, in order. */
  readonly opened: (string | undefined)[] = [];
  closed = 0;

  /** For `ControllerSurroundings.bindBackend`: it serves every store. */
  readonly bindBackend = async (): Promise<BoundBackend> => ({
    name: "fake",
    capabilities: "ReadOnly",
    check: () => [],
    open: async (context, signal) => {
      if (this.openFailure !== undefined) throw this.openFailure;
      await this.onOpen(context, signal);
      this.opened.push(context.namespace);
      return this.#client(context.namespace);
    },
  });

  #client(namespace: string | undefined): SecretsClient {
    const requireNamespace = () => {
      if (this.needsNamespace && namespace === undefined) throw new ReferentNamespaceMissing("no namespace");
    };
    const unused = async (): Promise<never> => {
      throw new TypeError("not part of this test");
    };
    return {
      getSecret: async (ref, signal) => {
        requireNamespace();
        return this.#read(ref, signal);
      },
      getSecretMap: async (ref, signal) => {
        const parsed: Record<string, string> = JSON.parse(Buffer.from(await this.#read(ref, signal)).toString());
        return new SecretMap(Object.entries(parsed).map(([key, value]) => [key, Buffer.from(value)]));
      },
      findSecrets: async (_find: FindRef) => {
        const failure = this.failures.get("*");
        if (failure !== undefined) throw failure;
        return new SecretMap([...this.values].map(([key, value]) => [key, Buffer.from(value)]));
      },
      validate: async () => {
        this.validations += 1;
        requireNamespace();
        if (this.validateFailure !== undefined) throw this.validateFailure;
        return this.validation;
      },
      secretExists: unused,
      pushSecret: unused,
      deleteSecret: unused,
      close: async () => {
        this.closed += 1;
      },
    };
  }

  async #read(ref: RemoteRef, signal: AbortSignal): Promise<Uint8Array> {
    this.reads += 1;
    await this.beforeRead();
    signal.throwIfAborted();
    const failure = this.failures.get(ref.key);
    if (failure !== undefined) throw failure;
    const value = this.values.get(ref.key);
    if (value === undefined) {
      throw new SecretNotFound(`secret "${ref.key}" does not exist`, { remoteKey: ref.key, remedy: "create it" });
    }
    const bytes = Buffer.from(value);
    return ref.property === undefined ? bytes : requireProperty(bytes, ref.key, ref.property);
  }
}
