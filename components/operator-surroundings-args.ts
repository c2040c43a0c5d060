/** What stands around the Deployment: metrics, dashboards, alerts, network and disruption. */
import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import type { StringMap } from "./operator-parts.ts";

type NetworkPolicyIngressRule = types.input.networking.v1.NetworkPolicyIngressRule;
type NetworkPolicyEgressRule = types.input.networking.v1.NetworkPolicyEgressRule;

/** The Service of the metrics. */
export interface MetricsServiceArgs {
  /** Default true. */
  readonly enabled?: boolean;
  /** Port of the Service. Default 8080. */
  readonly port?: Input<number>;
  /** Default: none. */
  readonly annotations?: StringMap;
}

/** The certificate that metrics are served with. Renewals are noticed. */
export interface MetricsSecureArgs {
  /** Default true. */
  readonly enabled?: boolean;
  /** A Secret of type `kubernetes.io/tls` in the operator's namespace, mounted at `certDir`. Default: you mount one by `extraVolumes`. */
  readonly secretName?: Input<string>;
  /** Folder of the certificate and its key. Default `/etc/tls`. */
  readonly certDir?: string;
  /** Default `tls.crt`. */
  readonly certFile?: Input<string>;
  /** Default `tls.key`. */
  readonly keyFile?: Input<string>;
}

/** How metrics are served. */
export interface MetricsListenArgs {
  /** Port of the container, 1 to 65535. Default 8080. */
  readonly port?: number;
  /**
   * Asks the API server who may get `/metrics`, and binds a ClusterRole for that: the scraper needs `get` on the non-resource URL
   * `/metrics`. Default: whoever reaches the port may.
   */
  readonly auth?: { readonly enabled: boolean };
  /** Serves them by TLS. Default: by HTTP. */
  readonly secure?: MetricsSecureArgs;
}

/** Metrics, for Prometheus. */
export interface MetricsArgs {
  /** Default: port 8080, by HTTP, for whoever reaches it. */
  readonly listen?: MetricsListenArgs;
  /** Default: there is one. */
  readonly service?: MetricsServiceArgs;
  /** Annotates the Pods with `prometheus.io/scrape`, `port` and `path`. Default false. */
  readonly scrapeAnnotations?: boolean;
}

/** A ServiceMonitor of the Prometheus operator, whose CRDs must be there. */
export interface ServiceMonitorArgs {
  /** Default true. */
  readonly enabled?: boolean;
  /** Default: the operator's. */
  readonly namespace?: Input<string>;
  /** What your Prometheus selects by. Default: none. */
  readonly additionalLabels?: StringMap;
  /** Default `30s`. */
  readonly interval?: Input<string>;
  /** Shorter than `interval`. Default `25s`. */
  readonly scrapeTimeout?: Input<string>;
  /** For metrics that are served by TLS: `caFile`, `serverName`. Default: what the Prometheus operator does. */
  readonly tlsConfig?: Input<object>;
  /** Keeps the labels of the metrics where they collide with those of the target: `namespace` and `name`. Default true (ESO: false). */
  readonly honorLabels?: Input<boolean>;
  /** Default: none. */
  readonly relabelings?: Input<Input<object>[]>;
  /** Default: none. */
  readonly metricRelabelings?: Input<Input<object>[]>;
}

/** A PrometheusRule with the alerts of `monitoring/prometheus-rules.yaml`; the CRDs of the Prometheus operator must be there. */
export interface PrometheusRuleArgs {
  /** Default true. */
  readonly enabled?: boolean;
  /** Default: the operator's. */
  readonly namespace?: Input<string>;
  /** What your Prometheus selects by. Default: none. */
  readonly additionalLabels?: StringMap;
  /** Names of alerts to leave out. Default: none. */
  readonly disabledAlerts?: readonly string[];
}

/** A ConfigMap with `monitoring/grafana-dashboard.json`, for Grafana's sidecar. */
export interface GrafanaDashboardArgs {
  /** Default true. */
  readonly enabled?: boolean;
  /** Default: the operator's. */
  readonly namespace?: Input<string>;
  /** Label that the sidecar selects by. Default `grafana_dashboard`. */
  readonly sidecarLabel?: string;
  /** Its value. Default `1`. */
  readonly sidecarLabelValue?: Input<string>;
  /** Default: none. */
  readonly annotations?: StringMap;
  /** Default: none. */
  readonly extraLabels?: StringMap;
}

/** What may talk to the Pods, and with what they may talk. */
export interface NetworkPolicyArgs {
  /** Default true. */
  readonly enabled?: boolean;
  /** Default: the ports of metrics and health, from anywhere. */
  readonly ingress?: Input<Input<NetworkPolicyIngressRule>[]>;
  /** Default: DNS, HTTPS (443), and the API server's port 6443, to anywhere. */
  readonly egress?: Input<Input<NetworkPolicyEgressRule>[]>;
  /** Added to `egress` or its default: a Vault at port 8200. Default: none. */
  readonly extraEgress?: Input<Input<NetworkPolicyEgressRule>[]>;
}

/** How many Pods may be away while nodes are drained. Set one of the two. */
export interface PodDisruptionBudgetArgs {
  /** Default true. */
  readonly enabled?: boolean;
  /** A number or a percentage. */
  readonly minAvailable?: Input<number | string>;
  /** A number or a percentage. Default 1, which never stops a drain (ESO: minAvailable 1, which does with one replica). */
  readonly maxUnavailable?: Input<number | string>;
}

/** Any object of Kubernetes. */
export interface ExtraObject {
  readonly apiVersion: string;
  readonly kind: string;
  /** `name` is needed: the resource is named after it. */
  readonly metadata: { readonly name: string; readonly [field: string]: Input<unknown> };
  readonly [field: string]: Input<unknown>;
}

/** Objects around the Deployment. A part that is described is made, unless it says `enabled: false`. */
export interface OperatorSurroundingsArgs {
  /** Default: port 8080, with a Service. */
  readonly metrics?: MetricsArgs;
  /** Default: not made. */
  readonly serviceMonitor?: ServiceMonitorArgs;
  /** Default: not made. */
  readonly prometheusRule?: PrometheusRuleArgs;
  /** Default: not made. */
  readonly grafanaDashboard?: GrafanaDashboardArgs;
  /** Default: not made, so everything is open. */
  readonly networkPolicy?: NetworkPolicyArgs;
  /** Default: not made. */
  readonly podDisruptionBudget?: PodDisruptionBudgetArgs;
  /** Objects that come and go with the operator; in the operator's namespace where they name none. Default: none. */
  readonly extraObjects?: readonly ExtraObject[];
}
