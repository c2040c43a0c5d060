/** What shows and watches the controller: the metrics' Service, ServiceMonitor, PrometheusRule and Grafana dashboard. */
import { readFileSync } from "node:fs";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { definedFields } from "./defined-fields.ts";
import type { ExternalSecretsOperatorArgs } from "./operator-args.ts";
import { isWanted, mergedMap, metadataOf, type OperatorParts, selectorLabels } from "./operator-parts.ts";
import type {
  GrafanaDashboardArgs,
  MetricsListenArgs,
  PrometheusRuleArgs,
  ServiceMonitorArgs,
} from "./operator-surroundings-args.ts";
import { packageFile } from "./package-file.ts";

const METRICS_PORT = 8080;
const PROMETHEUS_OPERATOR = "monitoring.coreos.com/v1";
/** Of Prometheus itself: the token of its service account. */
const TOKEN_FILE = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/** @throws Error where a ServiceMonitor is wanted and its Service is not. */
export function makeMonitoring(parts: OperatorParts, args: ExternalSecretsOperatorArgs): void {
  const hasService = args.metrics?.service?.enabled !== false;
  if (hasService) makeMetricsService(parts, args);
  if (isWanted(args.serviceMonitor)) {
    if (hasService) makeServiceMonitor(parts, args.serviceMonitor, args.metrics?.listen);
    else {
      throw new Error(
        `ExternalSecretsOperator "${parts.name}": serviceMonitor needs the Service of the metrics; remove metrics.service.enabled: false`,
      );
    }
  }
  if (isWanted(args.prometheusRule)) makePrometheusRule(parts, args.prometheusRule);
  if (isWanted(args.grafanaDashboard)) makeGrafanaDashboard(parts, args.grafanaDashboard);
}

function makeMetricsService(parts: OperatorParts, { metrics }: ExternalSecretsOperatorArgs): void {
  // Nothing here waits for the metrics, and the Service has no endpoint before the Deployment is there.
  const annotations = mergedMap({ "pulumi.com/skipAwait": "true" }, metrics?.service?.annotations);
  const port = { name: "metrics", port: metrics?.service?.port ?? METRICS_PORT, targetPort: "metrics" };
  new Service(
    `${parts.name}-metrics`,
    {
      metadata: metadataOf(parts, "metrics", { namespace: parts.namespace, annotations }),
      spec: { selector: selectorLabels(parts.fullname), ports: [port] },
    },
    parts.child,
  );
}

function makeServiceMonitor(parts: OperatorParts, args: ServiceMonitorArgs, listen: MetricsListenArgs = {}): void {
  const endpoint = {
    port: "metrics",
    ...(isWanted(listen.secure) ? { scheme: "https" } : {}),
    ...(listen.auth?.enabled === true ? { bearerTokenFile: TOKEN_FILE } : {}),
    interval: args.interval ?? "30s",
    scrapeTimeout: args.scrapeTimeout ?? "25s",
    honorLabels: args.honorLabels ?? true,
    ...definedFields<Pick<ServiceMonitorArgs, "relabelings" | "metricRelabelings" | "tlsConfig">>({
      tlsConfig: args.tlsConfig,
      relabelings: args.relabelings,
      metricRelabelings: args.metricRelabelings,
    }),
  };
  const metadata = metadataOf(parts, "metrics", {
    namespace: args.namespace ?? parts.namespace,
    labels: args.additionalLabels,
  });
  const spec = {
    selector: { matchLabels: selectorLabels(parts.fullname) },
    namespaceSelector: { matchNames: [parts.namespace] },
    endpoints: [endpoint],
  };
  const monitor = { apiVersion: PROMETHEUS_OPERATOR, kind: "ServiceMonitor", metadata, spec };
  new CustomResource(`${parts.name}-metrics`, monitor, parts.child);
}

interface AlertGroups {
  readonly groups: readonly { readonly name: string; readonly rules: readonly { readonly alert: string }[] }[];
}

function makePrometheusRule(parts: OperatorParts, args: PrometheusRuleArgs): void {
  const { groups }: AlertGroups = JSON.parse(readFileSync(packageFile("monitoring/prometheus-rules.json"), "utf8"));
  const known = groups.flatMap(({ rules }) => rules.map(({ alert }) => alert));
  const disabled = args.disabledAlerts ?? [];
  const unknown = disabled.find((alert) => !known.includes(alert));
  if (unknown !== undefined) {
    throw new Error(
      `ExternalSecretsOperator "${parts.name}": prometheusRule.disabledAlerts: there is no alert "${unknown}"; there are ${known.join(", ")}`,
    );
  }
  const metadata = metadataOf(parts, "alerts", {
    namespace: args.namespace ?? parts.namespace,
    labels: args.additionalLabels,
  });
  const kept = groups.map((group) => ({
    ...group,
    rules: group.rules.filter(({ alert }) => !disabled.includes(alert)),
  }));
  const rule = { apiVersion: PROMETHEUS_OPERATOR, kind: "PrometheusRule", metadata, spec: { groups: kept } };
  new CustomResource(`${parts.name}-alerts`, rule, parts.child);
}

function makeGrafanaDashboard(parts: OperatorParts, args: GrafanaDashboardArgs): void {
  const sidecar = { [args.sidecarLabel ?? "grafana_dashboard"]: args.sidecarLabelValue ?? "1" };
  const metadata = metadataOf(parts, "dashboard", {
    namespace: args.namespace ?? parts.namespace,
    labels: mergedMap(args.extraLabels, sidecar),
    annotations: args.annotations,
  });
  const data = { "external-secrets.json": readFileSync(packageFile("monitoring/grafana-dashboard.json"), "utf8") };
  new ConfigMap(`${parts.name}-dashboard`, { metadata, data }, parts.child);
}
