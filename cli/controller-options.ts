/** From the flags of the command line to the controller's options. */
import { join } from "node:path";
import { parseDurationMs } from "../api/duration.ts";
import { parseListenAddress } from "../controller/listen-address.ts";
import { LOG_LEVELS, type LogLevel, TIME_ENCODINGS, type TimeEncoding } from "../controller/log.ts";
import type { ControllerOptions, LeaderElectionOptions } from "../controller/options.ts";
import { type GivenFlags, UsageError } from "./parse-flags.ts";

/** Who the process is, for leader election. */
export interface ProcessIdentity {
  /** Unlike that of any other process. */
  readonly name: string;
  /** The pod's namespace, or the context's. */
  readonly namespace: string;
}

/** @throws UsageError where a value cannot be used. */
export function controllerOptionsOf(flags: GivenFlags, identity: ProcessIdentity): ControllerOptions {
  return {
    controllerClass: flags.text("controller-class"),
    ...namespacesOf(flags),
    concurrent: atLeast(flags, "concurrent", 1),
    storeRequeueIntervalMs: positiveMs(flags, "store-requeue-interval"),
    maxRetryIntervalMs: positiveMs(flags, "max-retry-interval"),
    floodGate: flags.isTrue("enable-flood-gate"),
    clusterStores: flags.isTrue("enable-cluster-store-reconciler"),
    secretStores: flags.isTrue("enable-secret-store-reconciler"),
    metricsAddress: address(flags, "metrics-addr"),
    ...metricsTlsOf(flags),
    extendedMetricLabels: flags.isTrue("enable-extended-metric-labels"),
    metricsAuth: flags.isTrue("metrics-auth"),
    liveAddress: address(flags, "live-addr"),
    templateDelimiters: {
      leftDelimiter: flags.text("template-left-delimiter"),
      rightDelimiter: flags.text("template-right-delimiter"),
    },
    deletionConfirmationMs: positiveMs(flags, "deletion-confirmation"),
    ...statusHeartbeatOf(flags),
    strictReady: flags.isTrue("strict-ready"),
    genericTargets: flags.isTrue("unsafe-allow-generic-targets"),
    migrateStorage: flags.isTrue("migrate-storage"),
    requestTimeoutMs: positiveMs(flags, "backend-timeout"),
    ...(flags.isTrue("enable-leader-election") ? { leaderElection: leaderElectionOf(flags, identity) } : {}),
  };
}

/** A list that is given and names nothing is refused: it must not be taken for the whole cluster. */
function namespacesOf(flags: GivenFlags): Pick<ControllerOptions, "namespaces"> {
  const namespace = flags.text("namespace");
  if (!flags.has("namespaces")) return namespace === "" ? {} : { namespaces: [namespace] };
  if (namespace !== "") throw new UsageError("--namespace and --namespaces were both given; write one of them");
  const named = flags.text("namespaces").split(",");
  const namespaces = [...new Set(named.map((name) => name.trim()).filter((name) => name !== ""))];
  if (namespaces.length === 0) throw new UsageError("--namespaces names no namespace; write one such as a,b");
  return { namespaces };
}

/** ESO makes a certificate of its own where it is given none, which nobody can check. */
function metricsTlsOf(flags: GivenFlags): Pick<ControllerOptions, "metricsTls"> {
  if (!flags.isTrue("metrics-secure")) return {};
  const folder = flags.text("metrics-cert-dir");
  if (folder === "")
    throw new UsageError("--metrics-secure needs --metrics-cert-dir, the folder of a certificate and its key");
  const fileOf = (name: string) => join(folder, flags.text(name));
  return { metricsTls: { certificateFile: fileOf("metrics-cert-name"), keyFile: fileOf("metrics-key-name") } };
}

/** `each` is ESO's way. */
function statusHeartbeatOf(flags: GivenFlags): Pick<ControllerOptions, "statusHeartbeatMs"> {
  const text = flags.text("status-heartbeat");
  const ms = text === "each" ? 0 : parseDurationMs(text);
  if (ms === undefined || ms < 0) {
    throw new UsageError(`--status-heartbeat: "${text}" is none of a duration such as 1h, 0 and each`);
  }
  return text !== "each" && ms === 0 ? {} : { statusHeartbeatMs: ms };
}

function leaderElectionOf(flags: GivenFlags, identity: ProcessIdentity): LeaderElectionOptions {
  const options = {
    leaseName: flags.text("leader-election-id"),
    namespace: flags.text("leader-election-namespace") || identity.namespace,
    identity: identity.name,
    leaseDurationMs: positiveMs(flags, "leader-election-lease-duration"),
    renewDeadlineMs: positiveMs(flags, "leader-election-renew-deadline"),
    retryPeriodMs: positiveMs(flags, "leader-election-retry-period"),
  };
  if (options.renewDeadlineMs >= options.leaseDurationMs) {
    throw new UsageError("--leader-election-renew-deadline must be shorter than --leader-election-lease-duration");
  }
  if (options.retryPeriodMs >= options.renewDeadlineMs) {
    throw new UsageError("--leader-election-retry-period must be shorter than --leader-election-renew-deadline");
  }
  return options;
}

/** zap's levels above error are taken as error. */
export function logLevelOf(flags: GivenFlags): LogLevel {
  const level = flags.text("loglevel");
  return LOG_LEVELS.find((one) => one === level) ?? "error";
}

/** The flag's choices are the encodings. */
export function timeEncodingOf(flags: GivenFlags): TimeEncoding {
  const encoding = flags.text("zap-time-encoding");
  return TIME_ENCODINGS.find((one) => one === encoding) ?? "epoch";
}

function atLeast(flags: GivenFlags, name: string, least: number): number {
  const value = flags.number(name);
  if (value < least) throw new UsageError(`--${name} must be at least ${least}`);
  return value;
}

function positiveMs(flags: GivenFlags, name: string): number {
  const ms = flags.milliseconds(name);
  if (ms <= 0) throw new UsageError(`--${name} must be longer than 0`);
  return ms;
}

function address(flags: GivenFlags, name: string): string {
  const text = flags.text(name);
  if (text !== "0" && parseListenAddress(text) === undefined) {
    throw new UsageError(`--${name}: "${text}" is no address; write one such as :8080, or 0 for none`);
  }
  return text;
}
