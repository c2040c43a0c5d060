/** The Deployment: one hardened container, and what the arguments put around it. */
import type { types } from "@pulumi/kubernetes";
import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { type CustomResourceOptions, type Input, type Output, output } from "@pulumi/pulumi";
import { definedFields } from "./defined-fields.ts";
import type { ExternalSecretsOperatorArgs } from "./operator-args.ts";
import { controllerContainer } from "./operator-container.ts";
import { portsOf } from "./operator-flags.ts";
import type { ContainerImage } from "./operator-image.ts";
import { mergedMap, metadataOf, type OperatorParts, type StringMap, selectorLabels } from "./operator-parts.ts";
import type { OperatorScope } from "./operator-scope.ts";
import type { OperatorServiceAccount } from "./operator-service-account.ts";
import { joined, metricsCertificate } from "./operator-volumes.ts";

type PodSpec = types.input.core.v1.PodSpec;
type PodTemplateSpec = types.input.core.v1.PodTemplateSpec;
type DeploymentSpec = types.input.apps.v1.DeploymentSpec;
type TopologySpreadConstraint = types.input.core.v1.TopologySpreadConstraint;

/** What the Deployment is made of. */
export interface WorkloadParts {
  readonly parts: OperatorParts;
  readonly args: ExternalSecretsOperatorArgs;
  readonly scope: OperatorScope;
  readonly image: ContainerImage;
  readonly account: OperatorServiceAccount;
}

/** @param options depend on what must be there before the controller starts. */
export function makeDeployment(given: WorkloadParts, options: CustomResourceOptions): Deployment {
  const { parts, args } = given;
  const skipAwait = args.skipAwait === true ? { "pulumi.com/skipAwait": "true" } : undefined;
  const annotations =
    skipAwait === undefined && args.deploymentAnnotations === undefined
      ? undefined
      : mergedMap(skipAwait, args.deploymentAnnotations);
  const metadata = metadataOf(parts, "", { namespace: parts.namespace, annotations });
  return new Deployment(parts.name, { metadata, spec: deploymentSpec(given) }, options);
}

function deploymentSpec(given: WorkloadParts): DeploymentSpec {
  const { parts, args } = given;
  return definedFields<DeploymentSpec>({
    replicas: args.replicaCount ?? 1,
    revisionHistoryLimit: args.revisionHistoryLimit ?? 3,
    selector: { matchLabels: selectorLabels(parts.fullname) },
    strategy: args.strategy,
    template: { metadata: podMetadata(given), spec: { ...podSpec(given), ...args.podSpecExtra } },
  });
}

function podMetadata({ parts, args, account }: WorkloadParts): PodTemplateSpec["metadata"] {
  const scrape: StringMap | undefined =
    args.metrics?.scrapeAnnotations === true
      ? {
          "prometheus.io/scrape": "true",
          "prometheus.io/port": String(portsOf(args).metrics),
          "prometheus.io/path": "/metrics",
        }
      : undefined;
  const hasAnnotations = scrape !== undefined || args.podAnnotations !== undefined;
  return {
    labels: mergedMap(args.commonLabels, args.podLabels, account.podLabels, selectorLabels(parts.fullname)),
    ...(hasAnnotations ? { annotations: mergedMap(scrape, args.podAnnotations) } : {}),
  };
}

function podSpec({ parts, args, scope, image, account }: WorkloadParts): PodSpec {
  const certificate = metricsCertificate(args.metrics?.listen?.secure);
  const container = controllerContainer(parts, args, scope, image);
  return definedFields<PodSpec>({
    serviceAccountName: account.name,
    automountServiceAccountToken: args.serviceAccount?.automount,
    terminationGracePeriodSeconds: args.terminationGracePeriodSeconds ?? 30,
    containers: [container, ...(args.extraContainers ?? [])],
    initContainers: args.extraInitContainers,
    volumes: joined(certificate?.volume, args.extraVolumes),
    securityContext: args.podSecurityContext,
    imagePullSecrets: args.imagePullSecrets,
    nodeSelector: args.nodeSelector,
    tolerations: args.tolerations,
    affinity: args.affinity,
    topologySpreadConstraints: args.topologySpreadConstraints?.map((one) => ofOwnPods(one, parts.fullname)),
    priorityClassName: args.priorityClassName,
    runtimeClassName: args.runtimeClassName,
    schedulerName: args.schedulerName,
    hostNetwork: args.hostNetwork,
    hostUsers: args.hostUsers,
    dnsPolicy: args.dnsPolicy ?? (args.hostNetwork === undefined ? undefined : dnsPolicyOf(args.hostNetwork)),
    dnsConfig: args.dnsConfig,
    hostAliases: args.hostAliases,
  });
}

/** Else a Pod in the node's network does not find Services. */
function dnsPolicyOf(hostNetwork: Input<boolean>): Output<string> {
  return output(hostNetwork).apply((isOn) => (isOn ? "ClusterFirstWithHostNet" : "ClusterFirst"));
}

function ofOwnPods(constraint: Input<TopologySpreadConstraint>, fullname: string): Output<TopologySpreadConstraint> {
  const labelSelector = { matchLabels: selectorLabels(fullname) };
  return output(constraint).apply((given) => ({ labelSelector, ...given }) as TopologySpreadConstraint);
}
