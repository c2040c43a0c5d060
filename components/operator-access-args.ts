/** As whom the controller runs, which namespaces it serves, and what it may do there. */
import type { Input } from "@pulumi/pulumi";
import type { StringMap } from "./operator-parts.ts";

/** IAM role for service accounts, on EKS. */
export interface IrsaArgs {
  /** ARN of the role. Its trust policy must admit `system:serviceaccount:<namespace>:<name>`. */
  readonly roleArn: Input<string>;
  /** Audience of the projected token. Default: EKS's, `sts.amazonaws.com`. */
  readonly audience?: Input<string>;
  /** Lifetime of the projected token in seconds, 600 or more. Default: EKS's, 86400. */
  readonly tokenExpirationSeconds?: Input<number>;
}

/** Workload identity, on GKE. */
export interface GkeWorkloadIdentityArgs {
  /** Email of the Google service account to act as. */
  readonly serviceAccount: Input<string>;
}

/** Workload identity, on AKS. Sets the pod label `azure.workload.identity/use`, too. */
export interface AzureWorkloadIdentityArgs {
  /** Client id of the managed identity or application. */
  readonly clientId: Input<string>;
  /** Default: the cluster's own tenant. */
  readonly tenantId?: Input<string>;
}

/** The identity that the controller runs under. */
export interface ServiceAccountArgs {
  /** Whether to create it. Default true; false takes the one that `name` names. */
  readonly create?: boolean;
  /** Default: the operator's name in Kubernetes, `external-secrets`. */
  readonly name?: Input<string>;
  /** Added to those of `irsa`, `gkeWorkloadIdentity` and `azureWorkloadIdentity`, and stronger than they. Default: none. */
  readonly annotations?: StringMap;
  /** Default: none. */
  readonly extraLabels?: StringMap;
  /** Whether the token is mounted. Default true: without it the controller reaches no API server, unless you mount one. */
  readonly automount?: Input<boolean>;
  /** EKS: annotates the account with an IAM role. Default: none. */
  readonly irsa?: IrsaArgs;
  /** GKE: annotates the account with a Google service account. Default: none. */
  readonly gkeWorkloadIdentity?: GkeWorkloadIdentityArgs;
  /** AKS: annotates the account with a managed identity, and labels the Pods. Default: none. */
  readonly azureWorkloadIdentity?: AzureWorkloadIdentityArgs;
}

/**
 * Whose tokens the controller may create: of all service accounts in its scope (`true`), of none, of those with these names, or
 * `"declared"`: of exactly those that the stores of this program name which have `operator` set.
 */
export type TokenGrant = boolean | "declared" | readonly Input<string>[];

/** The roles. */
export interface RbacArgs {
  /** Whether to create them. Default true; where not, bind your own to the service account. */
  readonly create?: boolean;
  /**
   * Whose tokens the controller may create, for stores with a `serviceAccountRef`: `true`, `false`, names, or `"declared"`, which is
   * those that the program's stores with `operator` name. Default: as ESO, true, for the whole cluster and for `scopedNamespace`;
   * `"declared"` with `scope`.
   */
  readonly serviceAccountTokenCreate?: TokenGrant;
  /**
   * Whether the controller may delete Secrets. Without it an ExternalSecret with deletionPolicy Delete, or whose target was renamed,
   * reports that it must not. Default true.
   */
  readonly deleteSecrets?: boolean;
  /** Adds reading of stores and ExternalSecrets to the cluster's roles view, edit and admin. Default true where the whole cluster is served. */
  readonly aggregateToView?: boolean;
  /** Adds writing of stores and ExternalSecrets to the cluster's role edit. Default true where the whole cluster is served. */
  readonly aggregateToEdit?: boolean;
  /** Adds writing of stores and ExternalSecrets to the cluster's role admin. Default true where the whole cluster is served. */
  readonly aggregateToAdmin?: boolean;
  /** A role by which a service binding controller reads ExternalSecrets. Default: not created. */
  readonly servicebindings?: { readonly create: boolean };
}

/** Exactly the namespaces of the declared stores: `new SecretStore(…, { operator, … })` adds its own. */
export interface DeclaredScopeArgs {
  /** Says that it is this scope. */
  readonly declared: true;
  /** More namespaces to serve: of stores in manifests, or of ExternalSecrets that use a ClusterSecretStore. Default: none. */
  readonly additional?: readonly Input<string>[];
  /**
   * `automatic`: the list is complete when the program first waits after it made the operator. `explicit`: when it calls
   * `closeScope()`, for programs that `await` in between. Default `automatic`.
   */
  readonly close?: "automatic" | "explicit";
}

/** Which namespaces are served: all, these, or those of the declared stores. */
export type ScopeArgs = "cluster" | "declared" | DeclaredScopeArgs | readonly Input<string>[];

/** Resources of one API group that ExternalSecrets may write in the place of Secrets. */
export interface GenericTargetResourcesArgs {
  /** "" for the core group. */
  readonly apiGroup: Input<string>;
  /** Plural names: `configmaps`, `applications`. */
  readonly resources: Input<Input<string>[]>;
  /** Default: all that the controller uses, which is get, list, watch, create, patch and delete. */
  readonly verbs?: Input<Input<string>[]>;
}

/** Targets of another kind than Secret. */
export interface GenericTargetsArgs {
  /** Whether to permit them (`--unsafe-allow-generic-targets`). */
  readonly enabled: boolean;
  /** What the controller may write. Whoever may write an ExternalSecret can then write these in that namespace. */
  readonly resources: readonly GenericTargetResourcesArgs[];
}

/** Identity and permissions of the operator. */
export interface OperatorAccessArgs {
  /** Default: created, named as the operator, without annotations. */
  readonly serviceAccount?: ServiceAccountArgs;
  /** Default: the least that the scope needs. */
  readonly rbac?: RbacArgs;
  /**
   * `"cluster"`; a list of namespaces, which must exist; or `"declared"`, the namespaces of the stores that have `operator` set. For
   * namespaces there is a Role in each, and no cluster-wide right on Secrets. Outputs in the list are told apart by their place: add
   * new ones at the end. Default `"cluster"`.
   */
  readonly scope?: ScopeArgs;
  /** Serves this namespace only. As `scope` with one namespace, but `rbac.serviceAccountTokenCreate` is true by default, as in ESO. */
  readonly scopedNamespace?: Input<string>;
  /**
   * Whether ClusterSecretStores are served. With namespaces as scope it needs a ClusterRole that reads them and the names and labels of
   * namespaces; ExternalSecrets of the scope alone can use them. Default: where the whole cluster is served.
   */
  readonly processClusterStore?: boolean;
  /** Whether SecretStores are validated and their status is written; they can be used in any case. Default true. */
  readonly processSecretStore?: boolean;
  /** Default: targets are Secrets only. */
  readonly genericTargets?: GenericTargetsArgs;
  /** Permits owner references where the cluster checks them (OpenShift). Default true. */
  readonly openshiftFinalizers?: boolean;
  /** Binds the service account to `system:auth-delegator`, for a Vault that reviews tokens as the controller. Default false. */
  readonly systemAuthDelegator?: boolean;
}
