/** Stores and ExternalSecrets as components, for programs in other languages: a provider constructs components only. */
import type { types } from "@pulumi/kubernetes";
import { ComponentResource, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import { ExternalSecret } from "../external-secret.ts";
import { ClusterSecretStore, SecretStore } from "../secret-store.ts";
import type { ExternalSecretSpecArgs, SecretStoreSpecArgs, StoreRefArgs } from "../spec-args.generated.ts";

/** Arguments of `SecretStore` and `ClusterSecretStore` in other languages. */
export interface RemoteSecretStoreArgs {
  /** Name, namespace, labels and annotations. Default: a name that Pulumi makes of the resource's. */
  readonly metadata?: Input<types.input.meta.v1.ObjectMeta>;
  /** The backend and how it is reached. */
  readonly spec: SecretStoreSpecArgs;
  /** Does not wait for the controller to find the store valid (condition Ready). Default: false. */
  readonly skipAwait?: boolean;
}

/** Arguments of `ExternalSecret` in other languages. */
export interface RemoteExternalSecretArgs {
  /** Name, namespace, labels and annotations. Default: a name that Pulumi makes of the resource's. */
  readonly metadata?: Input<types.input.meta.v1.ObjectMeta>;
  /** The output `ref` of a store. Default: `spec.secretStoreRef`. */
  readonly store?: Input<StoreRefArgs>;
  /** What is read and written. */
  readonly spec: Input<ExternalSecretSpecArgs>;
  /** Does not wait for the Secret to be synced (condition Ready). Default: false. */
  readonly skipAwait?: boolean;
}

/** Holds a SecretStore or ClusterSecretStore. */
export class RemoteSecretStore extends ComponentResource {
  /** What `spec.secretStoreRef` and the argument `store` of an ExternalSecret take. */
  readonly ref: { readonly kind: string; readonly name: Output<string> };

  constructor(
    kind: "SecretStore" | "ClusterSecretStore",
    name: string,
    args: RemoteSecretStoreArgs,
    options?: ComponentResourceOptions,
  ) {
    super(`external-secrets:index:${kind}`, name, {}, options);
    const Store = kind === "SecretStore" ? SecretStore : ClusterSecretStore;
    this.ref = new Store(name, args, { parent: this }).ref;
    this.registerOutputs({ ref: this.ref });
  }
}

/** Holds an ExternalSecret. */
export class RemoteExternalSecret extends ComponentResource {
  /** The name of the Secret. */
  readonly secretName: Output<string>;
  /** Whether the Secret is in the cluster. */
  readonly ready: Output<boolean>;

  constructor(name: string, args: RemoteExternalSecretArgs, options?: ComponentResourceOptions) {
    super("external-secrets:index:ExternalSecret", name, {}, options);
    const { store, ...others } = args;
    const referenced = store === undefined ? {} : { store: { ref: store as never } };
    const held = new ExternalSecret(name, { ...others, ...referenced }, { parent: this });
    this.secretName = held.secretName;
    this.ready = held.ready;
    this.registerOutputs({ secretName: this.secretName, ready: this.ready });
  }
}
