/** When somebody should be told: the one source of the alert rules. */

/** One rule of Prometheus. */
export interface Alert {
  readonly name: string;
  readonly expr: string;
  /** How long it must hold, as Prometheus writes durations. */
  readonly for: string;
  readonly severity: "warning" | "critical";
  readonly summary: string;
  /** What it means and where to look. */
  readonly description: string;
}

export const ALERTS: readonly Alert[] = [
  {
    name: "ExternalSecretNotReady",
    expr: 'externalsecret_status_condition{condition="Ready",status="False"} == 1',
    for: "15m",
    severity: "warning",
    summary: "ExternalSecret {{ $labels.namespace }}/{{ $labels.name }} is not ready",
    description:
      "Its Secret is kept as it was. `kubectl describe externalsecret` says which entry fails, why, and what to do.",
  },
  {
    name: "SecretStoreNotReady",
    expr:
      'secretstore_status_condition{condition="Ready",status="False"} == 1 or ' +
      'clustersecretstore_status_condition{condition="Ready",status="False"} == 1',
    for: "10m",
    severity: "critical",
    summary: "store {{ $labels.namespace }}/{{ $labels.name }} is not ready",
    description:
      "None of its ExternalSecrets is refreshed. The store's condition says whether the credential, the backend or the store itself is at fault.",
  },
  {
    name: "ExternalSecretsControllerDown",
    expr: "absent(external_secrets_watch_silence_seconds)",
    for: "10m",
    severity: "critical",
    summary: "no controller of external secrets is scraped",
    description: "Secrets are kept as they are, and nothing is refreshed. Look at the controller's Pods.",
  },
  {
    name: "ExternalSecretsQueueTooOld",
    expr: "max by (name) (workqueue_oldest_age_seconds) > 60",
    for: "10m",
    severity: "warning",
    summary: "the controller does not keep up: the oldest key has waited {{ $value }} s",
    description: "Backends or the API server answer slowly, or --concurrent is too low for so many ExternalSecrets.",
  },
  {
    name: "SecretBackendErrors",
    expr:
      'sum by (provider) (rate(externalsecret_provider_api_calls_count{status="error"}[10m])) / ' +
      "sum by (provider) (rate(externalsecret_provider_api_calls_count[10m])) > 0.2",
    for: "15m",
    severity: "warning",
    summary: "more than a fifth of the calls to {{ $labels.provider }} fail",
    description:
      "The conditions of its stores and ExternalSecrets name the cause: refused access, missing keys, throttling.",
  },
];
