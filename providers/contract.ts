/** The seam between the engine and the secret backends. Every backend passes the suite in `test/contract/`. */
import type { Clock } from "../api/clock.ts";
import type { SecretMap } from "./secret-map.ts";

/** A reference to one remote secret, as `remoteRef` and `extract` write it. */
export interface RemoteRef {
  readonly key: string;
  /** A key inside the value (JSON): a literal key first, then a gjson path. */
  readonly property?: string;
  /** Version or stage, in the backend's own notation. */
  readonly version?: string;
  /** `Fetch` reads tags or labels as JSON in place of the value. Default `None`. */
  readonly metadataPolicy?: "None" | "Fetch";
}

/** A search, as `dataFrom[].find` writes it; given conditions are ANDed. */
export interface FindRef {
  /** RE2, unanchored, on the name. */
  readonly nameRegexp?: string;
  readonly path?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** Where and how to push. */
export interface PushRef {
  readonly remoteKey: string;
  readonly property?: string;
  /** `PushSecretMetadata.spec` of the backend; unknown fields are refused by the backend. */
  readonly metadata?: unknown;
}

/** `Unknown`: only a namespace's own use can tell (referent authentication in a ClusterSecretStore). */
export type ValidationResult = "Ready" | "Unknown";

/**
 * An opened store: one per store identity, shared by all who use it, safe for concurrent calls.
 * Every method throws a `SyncError`; an abort throws the signal's reason.
 */
export interface SecretsClient {
  /**
   * The value of one secret, byte for byte; with `property`, of that part of it (a JSON string without its quotes,
   * anything else as its JSON text).
   * @throws SecretNotFound where the backend says so; PropertyNotFound where the secret has no such property.
   */
  getSecret(ref: RemoteRef, signal: AbortSignal): Promise<Uint8Array>;
  /**
   * The top-level keys of a JSON object, as `dataFrom.extract` takes them.
   * @throws SecretNotFound; InvalidConfiguration where the value is no JSON object.
   */
  getSecretMap(ref: RemoteRef, signal: AbortSignal): Promise<SecretMap>;
  /** All secrets that match, by their name in the backend. Empty when none does. */
  findSecrets(find: FindRef, signal: AbortSignal): Promise<SecretMap>;
  /** Proves that the backend can be reached and lets us in; asks for as little as possible. */
  validate(signal: AbortSignal): Promise<ValidationResult>;
  /** Whether the remote key (and property) is there. */
  secretExists(ref: PushRef, signal: AbortSignal): Promise<boolean>;
  /**
   * Creates or overwrites the remote secret, with our ownership mark; writes nothing where it is equal already.
   * @throws AccessDenied where it is there and does not carry the mark.
   */
  pushSecret(ref: PushRef, value: Uint8Array, signal: AbortSignal): Promise<void>;
  /** Deletes what carries our ownership mark; absent is no error. */
  deleteSecret(ref: PushRef, signal: AbortSignal): Promise<void>;
  /** Revokes what it was given (tokens) and closes connections. Idempotent; never throws. */
  close(): Promise<void>;
}

/** A reference to a key of a Secret or ConfigMap in the cluster. */
export interface KeySelector {
  readonly name?: string;
  /** Only a ClusterSecretStore may name one; the context enforces it. */
  readonly namespace?: string;
  readonly key?: string;
}

/** A reference to a ServiceAccount in the cluster. */
export interface ServiceAccountSelector {
  readonly name: string;
  readonly namespace?: string;
  readonly audiences?: readonly string[];
}

/** What a template of a store sees: texts by name and key. */
export type TemplateData = Readonly<Record<string, ReadonlyMap<string, string | Uint8Array>>>;

/** Who the store is. */
export interface StoreIdentity {
  readonly kind: "SecretStore" | "ClusterSecretStore";
  readonly name: string;
  /** Of the store itself; unset for a ClusterSecretStore. */
  readonly namespace?: string;
}

/** One request to a backend, by ESO's names where ESO has them. */
export interface ObservedCall {
  /** `AWS/SecretsManager`, `HashiCorp/Vault`. */
  readonly provider: string;
  /** `GetSecretValue`, `ReadSecretData`. */
  readonly call: string;
  readonly status: "success" | "error";
}

/**
 * What a backend may ask of its surroundings. The namespace rules are enforced here and nowhere else: a SecretStore
 * reads in its own namespace only; a ClusterSecretStore reads in the namespace that the reference names, or, where it
 * names none (referent authentication), in the namespace of the ExternalSecret.
 */
export interface StoreContext {
  readonly store: StoreIdentity;
  /** The namespace of the ExternalSecret that is served; unset while a ClusterSecretStore is validated by itself. */
  readonly namespace: string | undefined;
  readonly clock: Clock;
  /** The process's environment, for the credential chains of the clouds and for endpoint overrides. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Limit of one network call, in milliseconds. */
  readonly requestTimeoutMs: number;
  /** The store's `retrySettings`; unset fields mean the backend's own defaults. */
  readonly retrySettings?: { readonly maxRetries?: number; readonly retryIntervalMs?: number };
  /** Hears of each request to the backend when it has ended; unset: nobody counts. Must not throw. */
  readonly observeCall?: ((call: ObservedCall) => void) | undefined;
  /**
   * The bytes of a Secret's key. `field` is the path in the store that holds the reference, for the message.
   * @throws InvalidConfiguration (no such Secret or key, forbidden namespace), ReferentNamespaceMissing.
   */
  readSecretKey(ref: KeySelector, field: string, signal: AbortSignal): Promise<Uint8Array>;
  /**
   * All keys of a Secret that carries the label, by which its owner agrees to its use in a store's texts.
   * @throws as `readSecretKey`; InvalidConfiguration where it lacks the label.
   */
  readLabelledSecret(
    ref: KeySelector,
    label: { readonly key: string; readonly value: string },
    field: string,
    signal: AbortSignal,
  ): Promise<SecretMap>;
  /**
   * Renders a text of the store as a Go template, with the functions of ExternalSecrets' templates. The template sees the data as
   * `map[string]map[string]string`; a missing key prints `<no value>`.
   * @throws InvalidConfiguration naming `field`, without any of the data.
   */
  renderTemplate(field: string, text: string, data: TemplateData): Promise<Uint8Array>;
  /** As `readSecretKey`, of a ConfigMap. */
  readConfigMapKey(ref: KeySelector, field: string, signal: AbortSignal): Promise<Uint8Array>;
  /** A token of a service account by TokenRequest. `defaultAudiences` are added to those of the reference. */
  requestToken(
    ref: ServiceAccountSelector,
    options: {
      readonly defaultAudiences: readonly string[];
      readonly expirationSeconds: number;
      readonly field: string;
    },
    signal: AbortSignal,
  ): Promise<{ readonly token: string; readonly expiresAtMs: number }>;
  /** Annotations of a service account (the role to assume stands in one). */
  readServiceAccountAnnotations(
    ref: ServiceAccountSelector,
    field: string,
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, string>>>;
}

/** One secret backend, as the table in `index.ts` loads it. */
export interface Backend<Spec> {
  /** As `status.capabilities` shows it. */
  readonly capabilities: "ReadOnly" | "WriteOnly" | "ReadWrite";
  /**
   * What is wrong with the provider's block, without any I/O and beyond what the CRD's schema refuses; empty when nothing.
   * Each line names the field and the remedy.
   */
  check(spec: Spec, store: StoreIdentity): readonly string[];
  /**
   * Opens a client. Reads the credentials that the block names; need not contact the backend yet.
   * @throws SyncError
   */
  open(spec: Spec, context: StoreContext, signal: AbortSignal): Promise<SecretsClient>;
}
