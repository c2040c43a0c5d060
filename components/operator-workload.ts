/** The Deployment's spec: one hardened container. */
import type { types } from "@pulumi/kubernetes";
import { all, type Input, type Output, output } from "@pulumi/pulumi";
import type { ExternalSecretsOperatorArgs } from "./operator-args.ts";

type DeploymentSpec = types.input.apps.v1.DeploymentSpec;

const METRICS_PORT = 8080;
const HEALTH_PORT = 8082;

/** The labels that select the controller's Pods. */
export const selectorLabels = {
  "app.kubernetes.io/name": "external-secrets",
  "app.kubernetes.io/component": "controller",
} as const;

/** The controller's flags, as the component's arguments give them. */
export function controllerFlags(args: ExternalSecretsOperatorArgs): Output<string[]> {
  const replicas = output(args.replicaCount ?? 1);
  return all([
    args.concurrent,
    args.logLevel,
    args.controllerClass,
    args.scopedNamespace,
    args.extraArgs,
    replicas,
  ]).apply(([concurrent, logLevel, controllerClass, namespace, extraArgs, replicaCount]) => {
    const flags: Record<string, string | number | undefined> = {
      "metrics-addr": `:${METRICS_PORT}`,
      "live-addr": `:${HEALTH_PORT}`,
      loglevel: logLevel,
      concurrent,
      "controller-class": controllerClass,
      namespace,
      "enable-cluster-store-reconciler": namespace === undefined ? undefined : "false",
      "unsafe-allow-generic-targets": args.genericTargets?.enabled === true ? "true" : undefined,
      "enable-leader-election": replicaCount > 1 ? "true" : undefined,
      ...extraArgs,
    };
    return Object.entries(flags).flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag}=${value}`]));
  });
}

function container(args: ExternalSecretsOperatorArgs): types.input.core.v1.Container {
  const probe = (path: string, periodSeconds: number) => ({ httpGet: { path, port: HEALTH_PORT }, periodSeconds });
  return {
    name: "external-secrets",
    image: args.image,
    imagePullPolicy: args.imagePullPolicy ?? "IfNotPresent",
    args: controllerFlags(args),
    ...(args.extraEnv === undefined ? {} : { env: args.extraEnv }),
    ports: [
      { name: "metrics", containerPort: METRICS_PORT, protocol: "TCP" },
      { name: "health", containerPort: HEALTH_PORT, protocol: "TCP" },
    ],
    readinessProbe: probe("/readyz", 2),
    livenessProbe: { ...probe("/healthz", 10), initialDelaySeconds: 10, failureThreshold: 3 },
    resources: args.resources ?? { requests: { cpu: "20m", memory: "96Mi" }, limits: { memory: "256Mi" } },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      runAsUser: 65532,
      runAsGroup: 65532,
      seccompProfile: { type: "RuntimeDefault" },
    },
  };
}

/** The whole spec. `serviceAccountName` is the identity that the Role is bound to. */
export function deploymentSpec(args: ExternalSecretsOperatorArgs, serviceAccountName: Input<string>): DeploymentSpec {
  return {
    replicas: args.replicaCount ?? 1,
    revisionHistoryLimit: 3,
    selector: { matchLabels: selectorLabels },
    template: {
      metadata: {
        labels: output(args.podLabels ?? {}).apply((labels) => ({ ...labels, ...selectorLabels })),
        ...(args.podAnnotations === undefined ? {} : { annotations: args.podAnnotations }),
      },
      spec: {
        serviceAccountName,
        terminationGracePeriodSeconds: 30,
        containers: [container(args)],
        ...(args.imagePullSecrets === undefined ? {} : { imagePullSecrets: args.imagePullSecrets }),
        ...(args.nodeSelector === undefined ? {} : { nodeSelector: args.nodeSelector }),
        ...(args.tolerations === undefined ? {} : { tolerations: args.tolerations }),
        ...(args.affinity === undefined ? {} : { affinity: args.affinity }),
        ...(args.priorityClassName === undefined ? {} : { priorityClassName: args.priorityClassName }),
      },
    },
  };
}
