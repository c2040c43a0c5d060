/** SecretStore and ClusterSecretStore: where secrets are read from, and as whom. */
import type { types } from "@pulumi/kubernetes";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import type { CustomResourceOptions, Input, Output } from "@pulumi/pulumi";
import type { ProviderName, ProviderSpec, SecretStoreSpec } from "../api/secret-store.ts";
import { validateSecretStore } from "../api/validate-secret-store.ts";
import { awaitedMetadata } from "./awaited-metadata.ts";
import { checkedSpec } from "./checked-spec.ts";
import type { DeepInput } from "./deep-input.ts";

/** Exactly one provider's block: a store with two does not compile. */
export type ProviderArgs = {
  [Name in ProviderName]: { readonly [Own in Name]: DeepInput<NonNullable<ProviderSpec[Own]>> } & {
    readonly [Other in Exclude<ProviderName, Name>]?: never;
  };
}[ProviderName];

type SharedSpec = Omit<SecretStoreSpec, "provider">;

/** A store's spec with inputs at every depth. */
export type SecretStoreSpecArgs = {
  readonly [Field in keyof SharedSpec]: DeepInput<SharedSpec[Field]>;
} & { readonly provider: ProviderArgs };

/** Arguments of `SecretStore` and `ClusterSecretStore`. */
export interface SecretStoreArgs {
  readonly metadata?: Input<types.input.meta.v1.ObjectMeta>;
  readonly spec: SecretStoreSpecArgs;
  /** Does not wait for the controller to find the store valid. Default false. */
  readonly skipAwait?: boolean;
}

abstract class Store extends CustomResource {
  constructor(
    kind: "SecretStore" | "ClusterSecretStore",
    name: string,
    args: SecretStoreArgs,
    options?: CustomResourceOptions,
  ) {
    super(
      name,
      {
        apiVersion: "external-secrets.io/v1",
        kind,
        metadata: awaitedMetadata(args.metadata, args.skipAwait === true),
        spec: checkedSpec(`${kind} ${name}`, args.spec, (spec: SecretStoreSpec) => validateSecretStore({ spec })),
      },
      options,
    );
  }
}

/** Serves the ExternalSecrets of its own namespace. `up` is done when the controller has found it valid. */
export class SecretStore extends Store {
  constructor(name: string, args: SecretStoreArgs, options?: CustomResourceOptions) {
    super("SecretStore", name, args, options);
  }

  /** What `spec.secretStoreRef` of an ExternalSecret takes. */
  get ref(): { readonly kind: "SecretStore"; readonly name: Output<string> } {
    return { kind: "SecretStore", name: this.metadata.apply(({ name }) => name) };
  }
}

/** Serves the ExternalSecrets of every namespace that `spec.conditions` admits. */
export class ClusterSecretStore extends Store {
  constructor(name: string, args: SecretStoreArgs, options?: CustomResourceOptions) {
    super("ClusterSecretStore", name, args, options);
  }

  /** What `spec.secretStoreRef` of an ExternalSecret takes. */
  get ref(): { readonly kind: "ClusterSecretStore"; readonly name: Output<string> } {
    return { kind: "ClusterSecretStore", name: this.metadata.apply(({ name }) => name) };
  }
}
