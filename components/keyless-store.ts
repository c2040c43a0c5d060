/** The Kubernetes side of a store that logs in as a cloud identity of a service account: the same for Azure and Google. */
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { type ComponentResource, type Input, type Output, output, type Resource } from "@pulumi/pulumi";
import type { StoreOperator } from "./declared-store.ts";
import { definedFields } from "./defined-fields.ts";
import { dnsLabelOf } from "./dns-label.ts";
import type { GrantDeclarations } from "./grants/declarations.ts";
import type { GrantsArgs } from "./grants/grant-plan.ts";
import { type StoreRef, taggedRef } from "./grants/store-ref.ts";
import { ClusterSecretStore, SecretStore } from "./secret-store.ts";
import type { ProviderArgs, SecretStoreSpecArgs } from "./spec-args.generated.ts";

/** The service account that the store acts as. */
export interface StoreServiceAccountArgs {
  /** Default: the name of the component, as a DNS label. */
  readonly name?: Input<string>;
  /**
   * Whether the component makes it. `false` for one that is there: it needs the annotations in the output
   * `serviceAccountAnnotations`. Default: true.
   */
  readonly create?: boolean;
  /** More annotations. Default: none. */
  readonly annotations?: Input<Record<string, Input<string>>>;
  /** Default: none. */
  readonly labels?: Input<Record<string, Input<string>>>;
}

/** Arguments that stores of all clouds have. */
export interface KeylessStoreArgs {
  /** Namespace of the service account, and of a SecretStore. */
  readonly namespace: Input<string>;
  /** Whether the store serves its own namespace or all that `conditions` admit. Default: SecretStore. */
  readonly kind?: StoreRef["kind"];
  /** `metadata.name` of the store. Default: one that Pulumi makes of the component's name. */
  readonly storeName?: Input<string>;
  /** The service account that the store acts as. Default: one is made, and named after the component. */
  readonly serviceAccount?: StoreServiceAccountArgs;
  /** What the identity may read. Default: exactly what the program's ExternalSecrets read through this store. */
  readonly grants?: GrantsArgs;
  /** Which namespaces may use a ClusterSecretStore. Default: all. */
  readonly conditions?: SecretStoreSpecArgs["conditions"];
  /** Class of the controller that serves the store. Default: whichever sees it. */
  readonly controller?: Input<string>;
  /** How often the store is validated, as a Go duration. Default: the controller's, 5m. */
  readonly refreshInterval?: Input<string>;
  /** The operator that serves the store: it hears of it, and is there before it. Default: none. */
  readonly operator?: StoreOperator;
  /** Does not wait for the controller to find the store valid. Default: false. */
  readonly skipAwait?: boolean;
}

/** Whose token the cloud is shown. */
export interface StoreServiceAccount {
  readonly name: Output<string>;
  readonly namespace: Output<string>;
  /** `system:serviceaccount:NAMESPACE:NAME`: the subject of its tokens. */
  readonly subject: Output<string>;
}

/** The service account of the arguments, by name: nothing is made yet. */
export function storeServiceAccount(name: string, args: KeylessStoreArgs): StoreServiceAccount {
  const accountName = output(args.serviceAccount?.name ?? dnsLabelOf(name));
  const namespace = output(args.namespace);
  const subject = namespace.apply((inside) => accountName.apply((own) => `system:serviceaccount:${inside}:${own}`));
  return { name: accountName, namespace, subject };
}

/** What a cloud says of its store. */
export interface KeylessStoreParts {
  readonly provider: Input<ProviderArgs>;
  /** By which the controller and the cloud know the identity. */
  readonly annotations: Readonly<Record<string, Input<string>>>;
  /** The store is made after them, and removed before them. */
  readonly grants: Input<Resource[]>;
  readonly declarations: GrantDeclarations;
}

/** The store, and what an ExternalSecret takes to read through it. */
export interface KeylessStore {
  readonly store: SecretStore | ClusterSecretStore;
  readonly ref: StoreRef;
}

/** Makes the service account, unless it is there, and the store. @param parent the component; names are made of `name`. */
export function keylessStore(
  name: string,
  args: KeylessStoreArgs,
  parts: KeylessStoreParts,
  parent: ComponentResource,
): KeylessStore {
  const { kind = "SecretStore", serviceAccount = {} } = args;
  const account = storeServiceAccount(name, args);
  const made = serviceAccount.create === false ? [] : [madeServiceAccount(name, args, account, parts, parent)];
  const Store = kind === "SecretStore" ? SecretStore : ClusterSecretStore;
  const store = new Store(
    name,
    {
      metadata: definedFields({ name: args.storeName, namespace: kind === "SecretStore" ? args.namespace : undefined }),
      spec: {
        provider: parts.provider,
        ...definedFields({
          conditions: args.conditions,
          controller: args.controller,
          refreshInterval: args.refreshInterval,
        }),
      },
      skipAwait: args.skipAwait === true,
      ...definedFields({ operator: args.operator }),
    },
    { parent, dependsOn: output(parts.grants).apply((grants) => [...made, ...(grants as Resource[])]) },
  );
  return { store, ref: taggedRef(kind, store.ref.name, parts.declarations) };
}

function madeServiceAccount(
  name: string,
  { serviceAccount = {} }: KeylessStoreArgs,
  account: StoreServiceAccount,
  { annotations }: KeylessStoreParts,
  parent: ComponentResource,
): ServiceAccount {
  const metadata = {
    name: account.name,
    namespace: account.namespace,
    annotations: output(serviceAccount.annotations).apply((given) => ({ ...given, ...annotations })),
    ...definedFields({ labels: serviceAccount.labels }),
  };
  return new ServiceAccount(name, { metadata }, { parent });
}
