/** What a user may set on the operator. Names follow the values of ESO's Helm chart where there is one. */
import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";

type ResourceRequirements = types.input.core.v1.ResourceRequirements;
type EnvVar = types.input.core.v1.EnvVar;
type Toleration = types.input.core.v1.Toleration;
type Affinity = types.input.core.v1.Affinity;
type LocalObjectReference = types.input.core.v1.LocalObjectReference;

/** The identity that the controller runs under. */
export interface ServiceAccountArgs {
  /** Default `external-secrets`. */
  readonly name?: Input<string>;
  /** Where the clouds' workload identities are bound: `eks.amazonaws.com/role-arn`, `iam.gke.io/gcp-service-account`, … */
  readonly annotations?: Input<Record<string, Input<string>>>;
}

/** How the CRDs are handled. */
export interface CrdsArgs {
  /** Whether to install them. Default true; set it to false where something else does. */
  readonly create?: boolean;
  /**
   * Whether `pulumi destroy` deletes them, and with them every SecretStore and ExternalSecret of the cluster and the
   * Secrets that those own. The stack must then create them itself: CRDs that are there are an error. Default false: CRDs that are
   * there are adopted, and they stay.
   */
  readonly deleteOnDestroy?: boolean;
  /**
   * Whether an admission policy refuses to delete the CRDs until `external-secrets release` has let go of the Secrets.
   * Default true, unless `deleteOnDestroy`. Needs Kubernetes 1.30.
   */
  readonly protect?: boolean;
}

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

/** Arguments of `ExternalSecretsOperator`. */
export interface ExternalSecretsOperatorArgs {
  /** Reference of the controller image, as `npm run image` builds it and you have pushed it. */
  readonly image: Input<string>;
  /** Default `IfNotPresent`. */
  readonly imagePullPolicy?: Input<"Always" | "IfNotPresent" | "Never">;
  readonly imagePullSecrets?: Input<Input<LocalObjectReference>[]>;
  /** Where the controller runs. Default `external-secrets`. */
  readonly namespace?: Input<string>;
  /** Whether to create that namespace. Default true. */
  readonly createNamespace?: boolean;
  readonly crds?: CrdsArgs;
  /** Default 1. More than one replica needs leader election: only one works, the others wait. */
  readonly replicaCount?: Input<number>;
  /** Default {}: name `external-secrets`, no annotations. */
  readonly serviceAccount?: ServiceAccountArgs;
  /**
   * Serves this namespace only, with a Role in it in place of a ClusterRole; ClusterSecretStores are not served then.
   * Default: the whole cluster.
   */
  readonly scopedNamespace?: Input<string>;
  /** Default: targets are Secrets only. */
  readonly genericTargets?: GenericTargetsArgs;
  /** Serves the stores whose `spec.controller` is this or empty. Default `default`. */
  readonly controllerClass?: Input<string>;
  /** ExternalSecrets worked on at the same time, 1 or more. Default: the controller's own. */
  readonly concurrent?: Input<number>;
  /** Default `info`. */
  readonly logLevel?: Input<"debug" | "info" | "warn" | "error">;
  /** More flags of the controller, by name without dashes. */
  readonly extraArgs?: Input<Record<string, Input<string>>>;
  /** More environment variables: proxies, endpoints. */
  readonly extraEnv?: Input<Input<EnvVar>[]>;
  /** Default: requests of 20 millicores and 96 MiB, a memory limit of 256 MiB. */
  readonly resources?: Input<ResourceRequirements>;
  readonly nodeSelector?: Input<Record<string, Input<string>>>;
  readonly tolerations?: Input<Input<Toleration>[]>;
  readonly affinity?: Input<Affinity>;
  readonly priorityClassName?: Input<string>;
  readonly podLabels?: Input<Record<string, Input<string>>>;
  readonly podAnnotations?: Input<Record<string, Input<string>>>;
  /**
   * Does not wait for the controller's Deployment to become ready; for clusters in which no node can run it.
   * Default false.
   */
  readonly skipAwait?: boolean;
}
