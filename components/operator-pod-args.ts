/** The Deployment and its Pods. */
import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import type { PullPolicy } from "./operator-image-args.ts";
import type { StringMap } from "./operator-parts.ts";

type Affinity = types.input.core.v1.Affinity;
type Container = types.input.core.v1.Container;
type DeploymentStrategy = types.input.apps.v1.DeploymentStrategy;
type EnvVar = types.input.core.v1.EnvVar;
type HostAlias = types.input.core.v1.HostAlias;
type LocalObjectReference = types.input.core.v1.LocalObjectReference;
type PodDNSConfig = types.input.core.v1.PodDNSConfig;
type PodSecurityContext = types.input.core.v1.PodSecurityContext;
type PodSpec = types.input.core.v1.PodSpec;
type ResourceRequirements = types.input.core.v1.ResourceRequirements;
type SecurityContext = types.input.core.v1.SecurityContext;
type Toleration = types.input.core.v1.Toleration;
type TopologySpreadConstraint = types.input.core.v1.TopologySpreadConstraint;
type Volume = types.input.core.v1.Volume;
type VolumeMount = types.input.core.v1.VolumeMount;

/** A probe by HTTP. Times are in seconds; what is left out is Kubernetes' default. */
export interface ProbeArgs {
  /** Whether there is this probe. Default true. */
  readonly enabled?: boolean;
  readonly initialDelaySeconds?: Input<number>;
  readonly periodSeconds?: Input<number>;
  readonly timeoutSeconds?: Input<number>;
  readonly failureThreshold?: Input<number>;
  readonly successThreshold?: Input<number>;
}

/** How the Pods are made. */
export interface OperatorPodArgs {
  /** 0 or more. With more than 1 one works and the others wait, by leader election. Default 1. */
  readonly replicaCount?: Input<number>;
  /** For an image that does not say it itself. Default `IfNotPresent`. */
  readonly imagePullPolicy?: Input<PullPolicy>;
  /** Secrets in the operator's namespace to pull the image with. Default: none. */
  readonly imagePullSecrets?: Input<Input<LocalObjectReference>[]>;
  /** Default: requests of 20 millicores and 96 MiB, a memory limit of 256 MiB. */
  readonly resources?: Input<ResourceRequirements>;
  /** Put over the container's default: not root (65532), read-only root, no capabilities, no escalation, the runtime's seccomp profile. */
  readonly securityContext?: Input<SecurityContext>;
  /** Of the Pod. Default: none, as the container has all that the restricted standard asks for. */
  readonly podSecurityContext?: Input<PodSecurityContext>;
  /** Leaves user and group to the cluster, as OpenShift's default constraint wants it. Default false. */
  readonly openshift?: boolean;
  /** Default: any node. */
  readonly nodeSelector?: StringMap;
  /** Default: none. */
  readonly tolerations?: Input<Input<Toleration>[]>;
  /** Default: none. */
  readonly affinity?: Input<Affinity>;
  /** A constraint without `labelSelector` counts the operator's own Pods. Default: none. */
  readonly topologySpreadConstraints?: readonly Input<TopologySpreadConstraint>[];
  /** `system-cluster-critical`, or a class of your own. Default: the cluster's. */
  readonly priorityClassName?: Input<string>;
  /** Default: the cluster's. */
  readonly runtimeClassName?: Input<string>;
  /** Default: the cluster's. */
  readonly schedulerName?: Input<string>;
  /** Labels of every object that the operator makes, the CRDs aside. Default: none. */
  readonly commonLabels?: StringMap;
  /** Default: none. */
  readonly podLabels?: StringMap;
  /** Default: none. */
  readonly podAnnotations?: StringMap;
  /** Default: none. */
  readonly deploymentAnnotations?: StringMap;
  /** More environment variables: proxies, endpoints. Default: none. */
  readonly extraEnv?: Input<Input<EnvVar>[]>;
  /** Default: none. */
  readonly extraVolumes?: Input<Input<Volume>[]>;
  /** Default: none. */
  readonly extraVolumeMounts?: Input<Input<VolumeMount>[]>;
  /** Containers beside the controller. Default: none. */
  readonly extraContainers?: readonly Input<Container>[];
  /** Default: none. */
  readonly extraInitContainers?: Input<Input<Container>[]>;
  /** Asks `/healthz`. Default: every 10 seconds, after 10 seconds. */
  readonly livenessProbe?: ProbeArgs;
  /** Asks `/readyz`. Default: every 2 seconds. */
  readonly readinessProbe?: ProbeArgs;
  /** Port of `/healthz` and `/readyz`; a node's port with `hostNetwork`. Default 8082. */
  readonly healthPort?: number;
  /** Uses the node's network. Default false. */
  readonly hostNetwork?: Input<boolean>;
  /** False gives the Pod a user namespace of its own. Default: the cluster's, true. */
  readonly hostUsers?: Input<boolean>;
  /** Default `ClusterFirst`; `ClusterFirstWithHostNet` with `hostNetwork`. */
  readonly dnsPolicy?: Input<string>;
  /** Default: none. */
  readonly dnsConfig?: Input<PodDNSConfig>;
  /** Default: none. */
  readonly hostAliases?: Input<Input<HostAlias>[]>;
  /** Default: Kubernetes', a rolling update. */
  readonly strategy?: Input<DeploymentStrategy>;
  /** Old ReplicaSets that are kept. Default 3 (ESO: 10). */
  readonly revisionHistoryLimit?: Input<number>;
  /** Seconds that the controller has to finish what it works on; it takes 10 at most. Default 30. */
  readonly terminationGracePeriodSeconds?: Input<number>;
  /** Fields put over the Pod's spec as it would be otherwise. Default: none. */
  readonly podSpecExtra?: Partial<PodSpec>;
  /** Does not wait for the Deployment to become ready; for clusters in which no node can run it. Default false. */
  readonly skipAwait?: boolean;
}
