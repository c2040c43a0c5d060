/** Whether an ExternalSecret must be refreshed now: named checks, of which the first that holds is the reason. */
import type { CreationPolicy, RefreshPolicy } from "../../api/external-secret.ts";
import { DATA_HASH_ANNOTATION, MANAGED_LABEL, MANAGED_VALUE } from "../../api/labels.ts";
import type { SecretRecord } from "../cache/secret-record.ts";

/** All that the decision depends on. */
export interface RefreshFacts {
  readonly refreshPolicy: RefreshPolicy;
  readonly creationPolicy: CreationPolicy;
  /** `spec.refreshInterval` in milliseconds. */
  readonly refreshIntervalMs: number;
  /** What `status.syncedResourceVersion` would be if it were synced now. */
  readonly currentVersion: string;
  /** `status.syncedResourceVersion`; empty where it was never synced. */
  readonly syncedVersion: string;
  /** Of the last refresh that succeeded; unset where there was none. */
  readonly refreshedAtMs: number | undefined;
  /** When the interval asks for the next one; unset where there was none. */
  readonly dueAtMs: number | undefined;
  readonly nowMs: number;
  /** The last attempt failed. */
  readonly lastAttemptFailed: boolean;
  /** A store, or a ConfigMap or Secret that `templateFrom` names, was edited since the last refresh. */
  readonly inputWasEdited: boolean;
  /** Milliseconds until `spec.syncWindows` may permit a periodic refresh; 0 where it does now. */
  readonly windowOpensInMs: number;
  /** The target as it is now. */
  readonly secret: Pick<SecretRecord, "metadata" | "dataHash"> | undefined;
  /** The target shall be owned, and its owner references are known and do not name the ExternalSecret. */
  readonly ownerIsMissing: boolean;
}

type Check = (facts: RefreshFacts) => boolean;

/** Never refreshed again: the interval is 0 or less, and it was synced once. Edits and annotations do not change that (as in ESO). */
const refreshIsSwitchedOff: Check = ({ refreshPolicy, refreshIntervalMs, syncedVersion }) =>
  refreshPolicy === "Periodic" && refreshIntervalMs <= 0 && syncedVersion !== "";

const neverSynced: Check = ({ syncedVersion }) => syncedVersion === "";

const refreshTimeIsUnset: Check = ({ refreshedAtMs }) => refreshedAtMs === undefined;

/** Generation, labels or annotations differ from those that were synced. */
const generationChanged: Check = ({ currentVersion, syncedVersion }) => currentVersion !== syncedVersion;

const refreshTimeIsInFuture: Check = ({ refreshedAtMs, nowMs }) => refreshedAtMs !== undefined && refreshedAtMs > nowMs;

const refreshIntervalElapsed: Check = ({ dueAtMs, windowOpensInMs, nowMs }) =>
  dueAtMs !== undefined && dueAtMs <= nowMs && windowOpensInMs === 0;

const lastAttemptFailed: Check = (facts) => facts.lastAttemptFailed;

const inputWasEdited: Check = (facts) => facts.inputWasEdited;

/** Orphaned Secrets are not watched over, and `None` has none. */
const hasNoTarget: Check = ({ creationPolicy }) => creationPolicy === "Orphan" || creationPolicy === "None";

const secretIsMissing: Check = (facts) => !hasNoTarget(facts) && !facts.secret?.metadata.uid;

const secretIsUnmanaged: Check = (facts) =>
  !hasNoTarget(facts) && facts.secret?.metadata.labels?.[MANAGED_LABEL] !== MANAGED_VALUE;

const dataHashDiffers: Check = (facts) =>
  !hasNoTarget(facts) && facts.secret?.metadata.annotations?.[DATA_HASH_ANNOTATION] !== facts.secret?.dataHash;

const ownerIsMissing: Check = (facts) => facts.ownerIsMissing;

/** Apart from what became of the Secret, by policy, in order. */
const POLICY_CHECKS = {
  CreatedOnce: { neverSynced, refreshTimeIsUnset },
  OnChange: { neverSynced, refreshTimeIsUnset, generationChanged, lastAttemptFailed },
  Periodic: {
    generationChanged,
    refreshTimeIsUnset,
    refreshTimeIsInFuture,
    lastAttemptFailed,
    inputWasEdited,
    refreshIntervalElapsed,
  },
} as const satisfies Readonly<Record<RefreshPolicy, Readonly<Record<string, Check>>>>;

/** What became of the Secret; asked under every policy. */
const SECRET_CHECKS = { secretIsMissing, secretIsUnmanaged, dataHashDiffers, ownerIsMissing } as const;

/** The name of the check that held. */
export type RefreshReason =
  | keyof (typeof POLICY_CHECKS)["OnChange"]
  | keyof (typeof POLICY_CHECKS)["Periodic"]
  | keyof typeof SECRET_CHECKS;

function firstHit<Name extends string>(checks: Readonly<Record<Name, Check>>, facts: RefreshFacts): Name | undefined {
  const names = Object.keys(checks) as Name[];
  return names.find((name) => checks[name](facts));
}

/**
 * The spec was edited after the one refresh that an interval of 0 permits. Labels and annotations do not count: many tools write them.
 */
export function editIsIgnored(facts: RefreshFacts): boolean {
  return refreshIsSwitchedOff(facts) && generationIn(facts.currentVersion) !== generationIn(facts.syncedVersion);
}

/** Of `<generation>-<hash of labels and annotations>`. */
const generationIn = (version: string): string => version.slice(0, version.indexOf("-"));

/** Whether the policy alone asks for a refresh, whatever became of the Secret. */
export function policyReason(facts: RefreshFacts): RefreshReason | undefined {
  if (refreshIsSwitchedOff(facts)) return undefined;
  const checks: Readonly<Partial<Record<RefreshReason, Check>>> = POLICY_CHECKS[facts.refreshPolicy];
  return firstHit(checks as Readonly<Record<RefreshReason, Check>>, facts);
}

/** Whether the Secret is not as it was written. */
export function driftReason(facts: RefreshFacts): RefreshReason | undefined {
  return firstHit(SECRET_CHECKS, facts);
}

/** Why it must be refreshed now; undefined where it must not. */
export function decideRefresh(facts: RefreshFacts): RefreshReason | undefined {
  return policyReason(facts) ?? driftReason(facts);
}

/**
 * Milliseconds until the interval elapses and the windows permit; undefined where nothing but a change causes the next refresh.
 * While windows forbid it, it is asked again when they change.
 */
export function nextRefreshInMs(
  facts: Pick<RefreshFacts, "refreshPolicy" | "refreshIntervalMs" | "dueAtMs" | "windowOpensInMs" | "nowMs">,
): number | undefined {
  const { refreshPolicy, refreshIntervalMs, dueAtMs, windowOpensInMs, nowMs } = facts;
  if (refreshPolicy !== "Periodic" || refreshIntervalMs <= 0) return undefined;
  return Math.max(0, (dueAtMs ?? nowMs) - nowMs, windowOpensInMs);
}
