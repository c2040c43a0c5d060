/** SecretStore and ClusterSecretStore: where secrets are read from, and as whom. */
import type { types } from "@pulumi/kubernetes";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { type CustomResourceOptions, type Input, mergeOptions, type Output } from "@pulumi/pulumi";
import type { SecretStoreSpec } from "../api/secret-store.ts";
import { validateSecretStore } from "../api/validate-secret-store.ts";
import { awaitedMetadata } from "./awaited-metadata.ts";
import { checkedSpec } from "./checked-spec.ts";
import { optionsWithOperator, type StoreOperator } from "./declared-store.ts";
import { earlierVersions } from "./earlier-versions.ts";
import type { SecretStoreSpecArgs } from "./spec-args.generated.ts";

/** Arguments of `SecretStore` and `ClusterSecretStore`. */
export interface SecretStoreArgs {
  /**
   * Name, namespace, labels and annotations. Default: a name that Pulumi makes of the resource's, in the namespace of
   * the provider. Set `name` where manifests outside of the program refer to the store.
   */
  readonly metadata?: Input<types.input.meta.v1.ObjectMeta>;
  /** The backend and how it is reached. A wrong spec fails at preview, with the names of the fields. */
  readonly spec: SecretStoreSpecArgs;
  /**
   * Does not wait for the controller to find the store valid (condition Ready), as where the controller is installed
   * later. Default: false, for up to 10 minutes or the resource option `customTimeouts`.
   */
  readonly skipAwait?: boolean;
  /**
   * The operator of the same program that serves the store: the store depends on it, and an operator with the scope
   * `declared` serves the store's namespace because of it. Default: none; then the options should say `dependsOn`.
   */
  readonly operator?: StoreOperator;
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
      mergeOptions(earlierVersions(kind), optionsWithOperator(kind, name, args, options)),
    );
  }
}

/** Serves the ExternalSecrets of its own namespace. `up` is done when the controller has found it valid. */
export class SecretStore extends Store {
  /**
   * @param options should depend on the operator (`dependsOn`), where the same program installs it. With the default
   * arguments a store that the controller finds wrong fails with the message of its condition.
   */
  constructor(name: string, args: SecretStoreArgs, options?: CustomResourceOptions) {
    super("SecretStore", name, args, options);
  }

  /** What `spec.secretStoreRef` of an ExternalSecret takes. */
  get ref(): { readonly kind: "SecretStore"; readonly name: Output<string> } {
    return { kind: "SecretStore", name: this.metadata.apply(({ name }) => name) };
  }
}

/** Serves the ExternalSecrets of every namespace that `spec.conditions` admits. `up` is done when it is found valid. */
export class ClusterSecretStore extends Store {
  /** @param options as of `SecretStore`. */
  constructor(name: string, args: SecretStoreArgs, options?: CustomResourceOptions) {
    super("ClusterSecretStore", name, args, options);
  }

  /** What `spec.secretStoreRef` of an ExternalSecret takes. */
  get ref(): { readonly kind: "ClusterSecretStore"; readonly name: Output<string> } {
    return { kind: "ClusterSecretStore", name: this.metadata.apply(({ name }) => name) };
  }
}
