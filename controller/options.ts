/** What can be chosen about the controller, with plain numbers; the command line fills it from flags. */

import type { TlsFiles } from "./metrics-access/tls-files.ts";

export interface ControllerOptions {
  /** Stores whose `spec.controller` is set to another class are left alone. */
  readonly controllerClass: string;
  /** Only these namespaces are watched, each by itself; unset: all. */
  readonly namespaces?: readonly string[];
  /** ExternalSecrets that are worked on at the same time. */
  readonly concurrent: number;
  /** How often a store without its own refreshInterval is validated, in milliseconds. */
  readonly storeRequeueIntervalMs: number;
  /** The longest wait between attempts of something that failed, in milliseconds. */
  readonly maxRetryIntervalMs: number;
  /** An ExternalSecret is only tried while its store is Ready. */
  readonly floodGate: boolean;
  /** Whether ClusterSecretStores are served. Where not, ExternalSecrets that name one are left alone. */
  readonly clusterStores: boolean;
  /** Whether SecretStores are validated here. */
  readonly secretStores: boolean;
  /** Where `/metrics` is served: `:8080`, `127.0.0.1:0`; `0` serves none. */
  readonly metricsAddress: string;
  /** The certificate that `/metrics` is served with; unset: without TLS. */
  readonly metricsTls?: TlsFiles;
  /** Whether the API server is asked who may read `/metrics`. */
  readonly metricsAuth: boolean;
  /** Whether metrics of an object have labels of its application, too. */
  readonly extendedMetricLabels: boolean;
  /** Where `/healthz` and `/readyz` are served. */
  readonly liveAddress: string;
  /** What stands around actions in templates. */
  readonly templateDelimiters: { readonly leftDelimiter: string; readonly rightDelimiter: string };
  /** How often `status.refreshTime` moves at most while refreshes change nothing, in milliseconds; 0: at each. Unset: never. */
  readonly statusHeartbeatMs?: number;
  /** Least time between two answers that a secret is not there, before anything is deleted for it, in milliseconds. */
  readonly deletionConfirmationMs: number;
  /** Whether `Ready` is denied wherever `Synced` is. */
  readonly strictReady: boolean;
  /** Whether targets of another kind than Secret are permitted. */
  readonly genericTargets: boolean;
  /** Whether the leader has objects stored in the present version of their CRD that are stored in an older one. */
  readonly migrateStorage: boolean;
  /** Limit of one network call of a backend, in milliseconds. */
  readonly requestTimeoutMs: number;
  /** Unset: this process acts without asking others. */
  readonly leaderElection?: LeaderElectionOptions;
}

/** Which Lease decides who acts, and how fast another takes over. */
export interface LeaderElectionOptions {
  readonly leaseName: string;
  /** Namespace of the Lease. */
  readonly namespace: string;
  /** Name of this process in the Lease; must differ between processes. */
  readonly identity: string;
  /** How long after its last renewal others leave the Lease alone, in milliseconds. */
  readonly leaseDurationMs: number;
  /** How long the leader goes on trying to renew before it gives up, in milliseconds. */
  readonly renewDeadlineMs: number;
  /** Time between attempts, in milliseconds. */
  readonly retryPeriodMs: number;
}

/** ESO's defaults; but `concurrent` is higher (ESO: 1), and failures are retried within 10 s (ESO: 7 min). */
export const DEFAULT_OPTIONS: ControllerOptions = {
  controllerClass: "default",
  concurrent: 32,
  storeRequeueIntervalMs: 300_000,
  maxRetryIntervalMs: 10_000,
  floodGate: true,
  clusterStores: true,
  secretStores: true,
  metricsAddress: ":8080",
  liveAddress: ":8082",
  metricsAuth: false,
  extendedMetricLabels: false,
  templateDelimiters: { leftDelimiter: "{{", rightDelimiter: "}}" },
  deletionConfirmationMs: 5_000,
  strictReady: false,
  genericTargets: false,
  migrateStorage: false,
  requestTimeoutMs: 10_000,
};
