/** The controller's flags, as the component's arguments give them. */
import { all, type Input, type Output, output } from "@pulumi/pulumi";
import type { ExternalSecretsOperatorArgs } from "./operator-args.ts";
import { isWanted, type OperatorParts } from "./operator-parts.ts";
import type { OperatorScope } from "./operator-scope.ts";

type FlagValue = Input<string | number | boolean | undefined> | undefined;

const METRICS_PORT = 8080;
const HEALTH_PORT = 8082;

/** The container's ports. */
export function portsOf(args: ExternalSecretsOperatorArgs): { readonly metrics: number; readonly health: number } {
  return { metrics: args.metrics?.listen?.port ?? METRICS_PORT, health: args.healthPort ?? HEALTH_PORT };
}

/** Whether ClusterSecretStores are served: with the whole cluster, unless said otherwise. */
export function servesClusterStores(args: ExternalSecretsOperatorArgs, scope: OperatorScope): boolean {
  return args.processClusterStore ?? scope.kind === "cluster";
}

/** Whether the controller migrates what is stored in v1beta1: with the whole cluster, unless said otherwise. */
export function migratesStorage(args: ExternalSecretsOperatorArgs, scope: OperatorScope): boolean {
  return args.crds?.migrateStorage ?? scope.kind === "cluster";
}

/** False where it is known already that no leader is elected. */
export function mayElectLeader({ leaderElect, replicaCount = 1 }: ExternalSecretsOperatorArgs): boolean {
  if (leaderElect !== undefined) return leaderElect !== false;
  return typeof replicaCount !== "number" || replicaCount > 1;
}

/** The Lease that a leader is elected by. */
export function leaseName({ fullname }: OperatorParts, { leaderElection }: ExternalSecretsOperatorArgs): Input<string> {
  return leaderElection?.id ?? `${fullname}-controller`;
}

/** `--name=value` for what was set; the controller has defaults of its own. */
export function controllerFlags(
  parts: OperatorParts,
  args: ExternalSecretsOperatorArgs,
  scope: OperatorScope,
): Output<string[]> {
  const flags = { ...ownFlags(args), ...scopeFlags(args, scope), ...electionFlags(parts, args) };
  return all([output(flags), args.extraArgs]).apply(([own, extra]) =>
    Object.entries({ ...own, ...extra }).flatMap(([flag, value]) =>
      value === undefined ? [] : [`--${flag}=${value}`],
    ),
  );
}

function ownFlags(args: ExternalSecretsOperatorArgs): Record<string, FlagValue> {
  const { metrics, health } = portsOf(args);
  return {
    "metrics-addr": `:${metrics}`,
    ...metricsFlags(args),
    "live-addr": `:${health}`,
    loglevel: args.log?.level,
    "zap-time-encoding": args.log?.timeEncoding,
    concurrent: args.concurrent,
    "controller-class": args.controllerClass,
    "store-requeue-interval": args.storeRequeueInterval,
    "max-retry-interval": args.maxRetryInterval,
    "deletion-confirmation": args.deletionConfirmation,
    "status-heartbeat": args.statusHeartbeat,
    "strict-ready": args.strictReady,
    "enable-flood-gate": args.enableFloodGate,
    "backend-timeout": args.backendTimeout,
    "client-qps": args.clientQps,
    "client-burst": args.clientBurst,
    "enable-extended-metric-labels": args.extendedMetricLabels,
    "template-left-delimiter": args.templateDelimiters?.left,
    "template-right-delimiter": args.templateDelimiters?.right,
    "unsafe-allow-generic-targets": args.genericTargets?.enabled === true ? true : undefined,
    "enable-secret-store-reconciler": args.processSecretStore,
  };
}

/** Where the certificate of the metrics is mounted. */
export const METRICS_CERTIFICATE_FOLDER = "/etc/tls";

function metricsFlags({ metrics }: ExternalSecretsOperatorArgs): Record<string, FlagValue> {
  const { auth, secure } = metrics?.listen ?? {};
  const isSecure = isWanted(secure);
  return {
    "metrics-auth": auth?.enabled === true ? true : undefined,
    "metrics-secure": isSecure ? true : undefined,
    "metrics-cert-dir": isSecure ? (secure.certDir ?? METRICS_CERTIFICATE_FOLDER) : undefined,
    "metrics-cert-name": isSecure ? secure.certFile : undefined,
    "metrics-key-name": isSecure ? secure.keyFile : undefined,
  };
}

function scopeFlags(args: ExternalSecretsOperatorArgs, scope: OperatorScope): Record<string, FlagValue> {
  return {
    namespaces: scope.namespaces?.apply((names) => names.join(",")),
    "enable-cluster-store-reconciler": servesClusterStores(args, scope) ? undefined : false,
    "migrate-storage": migratesStorage(args, scope) ? true : undefined,
  };
}

function electionFlags(parts: OperatorParts, args: ExternalSecretsOperatorArgs): Record<string, FlagValue> {
  if (!mayElectLeader(args)) return {};
  const { leaseDuration, renewDeadline, retryPeriod } = args.leaderElection ?? {};
  const isElected = all([args.leaderElect, args.replicaCount]).apply(
    ([leaderElect, replicaCount = 1]) => leaderElect ?? replicaCount > 1,
  );
  return {
    "enable-leader-election": isElected,
    "leader-election-id": leaseName(parts, args),
    "leader-election-lease-duration": leaseDuration,
    "leader-election-renew-deadline": renewDeadline,
    "leader-election-retry-period": retryPeriod,
  };
}
