/** What a SyncedSecret is asked for, as plain objects: the same in both forms. */
import type { ExternalSecret, ExternalSecretSpec } from "../../api/external-secret.ts";
import type { ProviderSpec, SecretStoreSpec } from "../../api/secret-store.ts";
import { targetNameOf } from "../../engine/desired-secret.ts";

/** A store that stands in the program: what `spec` of a ClusterSecretStore would hold. */
export interface InlineStore {
  readonly provider: ProviderSpec;
  /** Default: the backend's. */
  readonly retrySettings?: SecretStoreSpec["retrySettings"];
}

/** A store of the cluster. */
export interface StoreReference {
  readonly storeRef: {
    readonly name: string;
    /** Default `SecretStore`. */
    readonly kind?: "SecretStore" | "ClusterSecretStore";
    /** Of a SecretStore. Default: that of the SyncedSecret. */
    readonly namespace?: string;
  };
}

/** Where values come from. */
export type Store = InlineStore | StoreReference;

/** A credential: its text, or the environment variable that holds it when an operation runs. */
export type CredentialValue = string | { readonly env: string };

/**
 * Credentials by name and key: where a store refers to a Secret of that name (`tokenSecretRef: {name, key}`), they take its
 * place.
 */
export type Credentials = Readonly<Record<string, Readonly<Record<string, CredentialValue>>>>;

/** The inputs of one SyncedSecret after `check`: name and namespace are set. */
export interface SyncedSecretInputs {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  /** Default: the store of the provider's configuration, then `spec.secretStoreRef` in the cluster. */
  readonly store?: Store;
  readonly credentials?: Credentials;
  readonly spec: ExternalSecretSpec;
  /** Whether a Secret that is there and is not ours may be taken over. Default false. */
  readonly adopt?: boolean;
}

/** Inputs of which nothing is certain yet: what a program wrote, or what an import knows. */
export type PartialInputs = {
  readonly [Key in keyof SyncedSecretInputs]?: Key extends "metadata"
    ? Partial<SyncedSecretInputs["metadata"]>
    : SyncedSecretInputs[Key];
};

/** Where the Secret is. */
export interface SecretName {
  readonly namespace: string;
  readonly name: string;
}

/** As an ExternalSecret, which the engine reads and renders. */
export function asExternalSecret({ metadata, spec }: Pick<SyncedSecretInputs, "metadata" | "spec">): ExternalSecret {
  return { metadata, spec };
}

/** The Secret that is written: `spec.target.name`, or the SyncedSecret's own name. */
export function secretNameOf(inputs: Pick<SyncedSecretInputs, "metadata" | "spec">): SecretName {
  return { namespace: inputs.metadata.namespace, name: targetNameOf(asExternalSecret(inputs)) };
}

/** Whether the store is a reference. */
export function isStoreReference(store: Store): store is StoreReference {
  return "storeRef" in store;
}

/** `namespace/name`. */
export function idOf({ namespace, name }: SecretName): string {
  return `${namespace}/${name}`;
}

/**
 * The other way.
 * @throws Error where it is no such id.
 */
export function nameOfId(id: string): SecretName {
  const [namespace, name, ...rest] = id.split("/");
  if (!namespace || !name || rest.length > 0) {
    throw new Error(`the id "${id}" of a SyncedSecret must be namespace/name of its Secret`);
  }
  return { namespace, name };
}
