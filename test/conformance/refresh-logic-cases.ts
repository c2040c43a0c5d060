/** Conformance kind `refresh_logic`: the controller's pure decisions. */
import { parseDurationMs } from "../../api/duration.ts";
import type { CreationPolicy, RefreshPolicy } from "../../api/external-secret.ts";
import type { SyncWindows } from "../../api/sync-windows.ts";
import { type Condition, withCondition } from "../../controller/conditions.ts";
import { driftReason, policyReason, type RefreshFacts } from "../../controller/external-secret/decide-refresh.ts";
import { isMoreThanStatus } from "../../controller/triggers.ts";
import { dataHash, syncedResourceVersion, type VersionedMeta } from "../../engine/hashes.ts";
import { refuseNullBytes } from "../../engine/null-bytes.ts";
import { isWindowOpen, syncWindowsAllow, windowOpensInMs } from "../../engine/sync-windows/index.ts";
import { SecretMap } from "../../providers/secret-map.ts";
import { bytesOfCase, secretMapOfCase } from "./case-values.ts";
import { resultOrError } from "./compare.ts";
import { type Comparison, type ConformanceCase, fieldsOf } from "./conformance-file.ts";

type Given = Readonly<Record<string, unknown>>;

const FUNCTIONS: Readonly<Record<string, (given: Given) => unknown>> = {
  shouldRefresh,
  isSecretValid,
  shouldEnqueueUpdate,
  isWithinSyncWindow: (given) =>
    isWindowOpen({ schedule: String(given.schedule), duration: String(given.duration) }, timeOf(given.at)),
  syncWindowsAllow: (given) => syncWindowsAllow(given.syncWindows as SyncWindows | null, timeOf(given.at)),
  validateFetchedSecretValue: ({ policy, key, value }) =>
    refuseNullBytes(new SecretMap([[String(key), bytesOfCase(value)]]), String(policy)),
  validateFetchedSecretMap: ({ policy, data }) => refuseNullBytes(secretMapOfCase(data), String(policy)),
  setCondition,
};

export function runRefreshLogicCase({ fn, given, expect, expectErr }: ConformanceCase): Promise<Comparison> {
  const run = Object.hasOwn(FUNCTIONS, String(fn)) ? FUNCTIONS[String(fn)] : undefined;
  if (run === undefined) throw new Error(`no function ${fn}`);
  return resultOrError({ value: expect, error: expectErr ?? undefined }, () => run(fieldsOf(given)));
}

const timeOf = (value: unknown): number => Date.parse(String(value));
const NOW_MS = Date.parse("2026-06-01T12:00:00Z");

function factsOf(given: Given): RefreshFacts {
  const currentVersion = syncedResourceVersion(given as VersionedMeta);
  const ago = typeof given.refreshedAgo === "string" ? parseDurationMs(given.refreshedAgo) : undefined;
  const refreshIntervalMs = parseDurationMs(String(given.refreshInterval ?? "0s")) ?? 0;
  return {
    refreshPolicy: (given.refreshPolicy || "Periodic") as RefreshPolicy,
    creationPolicy: (given.creationPolicy || "Owner") as CreationPolicy,
    refreshIntervalMs,
    currentVersion,
    syncedVersion: syncedVersionOf(given, currentVersion),
    refreshedAtMs: ago === undefined ? undefined : NOW_MS - ago,
    dueAtMs: ago === undefined ? undefined : NOW_MS - ago + refreshIntervalMs,
    windowOpensInMs: windowOpensInMs(given.syncWindows as SyncWindows | null, NOW_MS),
    nowMs: NOW_MS,
    lastAttemptFailed: false,
    inputWasEdited: false,
    secret: secretOf(fieldsOf(given.secret)),
    ownerIsMissing: false,
  };
}

function syncedVersionOf({ synced, syncedWith }: Given, currentVersion: string): string {
  if (syncedWith !== undefined) return syncedResourceVersion(fieldsOf(syncedWith) as VersionedMeta);
  return synced === "match" ? currentVersion : String(synced ?? "");
}

function secretOf(secret: Given): RefreshFacts["secret"] {
  if (typeof secret.uid !== "string") return undefined;
  const metadata = { name: "secret", uid: secret.uid, labels: secret.labels, annotations: secret.annotations };
  return {
    metadata: metadata as NonNullable<RefreshFacts["secret"]>["metadata"],
    dataHash: dataHash(secretMapOfCase(secret.data)),
  };
}

function shouldRefresh(given: Given): boolean {
  return policyReason(factsOf(given)) !== undefined;
}

function isSecretValid(given: Given): boolean {
  return driftReason(factsOf(given)) === undefined;
}

/** What changes in an update, as the case names it. */
const CHANGES: Readonly<Record<string, object>> = {
  status: { resourceVersion: "2" },
  generation: { generation: 2 },
  labels: { labels: { a: "b" } },
  annotations: { annotations: { a: "b" } },
  deletionTimestamp: { deletionTimestamp: "2026-06-01T12:00:00Z" },
  finalizers: { finalizers: ["a"] },
};

function shouldEnqueueUpdate({ change }: Given): boolean {
  const before = { name: "a", uid: "u", generation: 1, resourceVersion: "1" };
  return isMoreThanStatus({ ...before, ...CHANGES[String(change)] }, before);
}

/** A condition is made now, at the time that the case calls T1. */
function setCondition({ current, new: next }: Given): unknown {
  const { lastTransitionTime, ...condition } = fieldsOf(next);
  const merged = withCondition(current as readonly Condition[], condition as unknown as Condition, NOW_MS);
  const now = `${new Date(NOW_MS).toISOString().slice(0, 19)}Z`;
  return merged.map((each) => (each.lastTransitionTime === now ? { ...each, lastTransitionTime } : each));
}
