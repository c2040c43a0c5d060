/** What the controller does: its flags, typed. Durations are Go's: `90s`, `5m`, `1h30m`. */
import type { Input } from "@pulumi/pulumi";

/** Log lines are JSON. */
export interface LogArgs {
  /** Least level. Default `info`. */
  readonly level?: Input<"debug" | "info" | "warn" | "error">;
  /** Form of times. Default `epoch`. */
  readonly timeEncoding?: Input<"epoch" | "millis" | "nano" | "iso8601" | "rfc3339" | "rfc3339nano">;
}

/** How fast another replica takes over. */
export interface LeaderElectionArgs {
  /** Name of the Lease. Default: the operator's name in Kubernetes with `-controller`. */
  readonly id?: Input<string>;
  /** How long others leave a Lease alone that is not renewed. Longer than `renewDeadline`. Default `15s`. */
  readonly leaseDuration?: Input<string>;
  /** How long the leader tries to renew before it gives up. Longer than `retryPeriod`. Default `10s`. */
  readonly renewDeadline?: Input<string>;
  /** Time between attempts to take or renew the Lease. Default `2s`. */
  readonly retryPeriod?: Input<string>;
}

/** Behaviour of the controller. */
export interface OperatorControllerArgs {
  /** Serves the stores whose `spec.controller` is this or empty. Default `default`. */
  readonly controllerClass?: Input<string>;
  /** ExternalSecrets worked on at the same time, 1 or more. Default 32 (ESO: 1). */
  readonly concurrent?: Input<number>;
  /** Default: level `info`, times as seconds since the epoch. */
  readonly log?: LogArgs;
  /** Whether one of several replicas is elected to work. Default: where `replicaCount` is more than 1. */
  readonly leaderElect?: Input<boolean>;
  /** Default: ESO's Lease and times. */
  readonly leaderElection?: LeaderElectionArgs;
  /** How often a store without its own refreshInterval is validated. Default `5m`. */
  readonly storeRequeueInterval?: Input<string>;
  /** The longest wait between attempts of what failed. Default `10s` (ESO: 7 minutes). */
  readonly maxRetryInterval?: Input<string>;
  /** Least time between two answers that a secret is gone, before keys or a Secret are deleted. Default `5s`. */
  readonly deletionConfirmation?: Input<string>;
  /** How often `status.refreshTime` moves at most while nothing changes: a duration, `0` (never) or `each`, as ESO. Default `0`. */
  readonly statusHeartbeat?: Input<string>;
  /** Denies Ready wherever the condition Synced is denied. Default false. */
  readonly strictReady?: Input<boolean>;
  /** Tries an ExternalSecret only while its store is Ready. Default true. */
  readonly enableFloodGate?: Input<boolean>;
  /** Limit of one call to a secret backend. Default `10s`. */
  readonly backendTimeout?: Input<string>;
  /** Calls to the API server per second over time. Default 0: no limit but the API server's own, which is obeyed (ESO: 50). */
  readonly clientQps?: Input<number>;
  /** Calls to the API server at once, where `clientQps` limits them. Default 100. */
  readonly clientBurst?: Input<number>;
  /** What begins and ends an action in templates. Default `{{` and `}}`. */
  readonly templateDelimiters?: { readonly left: Input<string>; readonly right: Input<string> };
  /** Gives metrics the labels of the application that an ExternalSecret carries (`app.kubernetes.io/…`). Default false. */
  readonly extendedMetricLabels?: Input<boolean>;
  /** More flags of the controller, by name without dashes; stronger than all above. Default: none. */
  readonly extraArgs?: Input<Record<string, Input<string>>>;
}
