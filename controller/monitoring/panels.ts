/** What one looks at to see whether external secrets are well: the one source of the dashboard. */

/** One graph. */
export interface Panel {
  readonly title: string;
  /** Shown on hovering: what it means, and what a bad picture looks like. */
  readonly description: string;
  /** Grafana's name of the unit. */
  readonly unit: "short" | "s" | "ops" | "percentunit" | "bytes";
  readonly queries: readonly { readonly expr: string; readonly legend: string }[];
}

/** A heading with its panels. */
export interface PanelRow {
  readonly title: string;
  readonly panels: readonly Panel[];
}

const RATE = "[$__rate_interval]";

/** From what users feel to where it comes from. */
export const PANEL_ROWS: readonly PanelRow[] = [
  {
    title: "Secrets",
    panels: [
      {
        title: "Not ready",
        description: "ExternalSecrets and stores whose condition Ready is False.",
        unit: "short",
        queries: [
          { expr: 'sum(externalsecret_status_condition{condition="Ready",status="False"})', legend: "ExternalSecrets" },
          { expr: 'sum(secretstore_status_condition{condition="Ready",status="False"})', legend: "SecretStores" },
          {
            expr: 'sum(clustersecretstore_status_condition{condition="Ready",status="False"})',
            legend: "ClusterSecretStores",
          },
        ],
      },
      {
        title: "Refreshes",
        description: "Refreshes a second, and those of them that failed.",
        unit: "ops",
        queries: [
          { expr: `sum(rate(externalsecret_sync_calls_total${RATE}))`, legend: "all" },
          { expr: `sum(rate(externalsecret_sync_calls_error${RATE}))`, legend: "failed" },
        ],
      },
      {
        title: "Propagation",
        description: "From the start of the pass that found a change until the Secret was written.",
        unit: "s",
        queries: [0.5, 0.99].map((quantile) => ({
          expr: `histogram_quantile(${quantile}, sum by (le) (rate(external_secrets_propagation_seconds_bucket${RATE})))`,
          legend: `p${quantile * 100}`,
        })),
      },
      {
        title: "Staleness",
        description: "The ExternalSecrets whose last good refresh is the longest ago.",
        unit: "s",
        queries: [{ expr: "topk(5, external_secrets_staleness_seconds)", legend: "{{namespace}}/{{name}}" }],
      },
    ],
  },
  {
    title: "Backends",
    panels: [
      {
        title: "Calls",
        description: "Calls to secret backends a second.",
        unit: "ops",
        queries: [
          {
            expr: `sum by (provider, status) (rate(externalsecret_provider_api_calls_count${RATE}))`,
            legend: "{{provider}} {{status}}",
          },
        ],
      },
      {
        title: "Coalesced reads",
        description: "Reads a second that another's read under way answered.",
        unit: "ops",
        queries: [
          { expr: `sum by (provider) (rate(external_secrets_coalesced_reads_total${RATE}))`, legend: "{{provider}}" },
        ],
      },
    ],
  },
  {
    title: "Controller",
    panels: [
      {
        title: "Queue",
        description:
          "Keys that wait, and how long the oldest of them has: it grows where the controller does not keep up.",
        unit: "short",
        queries: [
          { expr: "sum by (name) (workqueue_depth)", legend: "{{name}} waiting" },
          { expr: "max by (name) (workqueue_oldest_age_seconds)", legend: "{{name}} oldest (s)" },
        ],
      },
      {
        title: "Watches",
        description: "Time since each watch heard the API server. Minutes are normal where nothing happens.",
        unit: "s",
        queries: [{ expr: "max by (cache) (external_secrets_watch_silence_seconds)", legend: "{{cache}}" }],
      },
      {
        title: "Memory",
        description: "What the process has in memory.",
        unit: "bytes",
        queries: [{ expr: "max by (pod) (process_resident_memory_bytes)", legend: "{{pod}}" }],
      },
    ],
  },
];
