import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parseDurationMs } from "../../api/duration.ts";
import { DATA_HASH_ANNOTATION, MANAGED_LABEL } from "../../api/labels.ts";
import { type Condition, withCondition } from "../../controller/conditions.ts";
import {
  decideRefresh,
  driftReason,
  nextRefreshInMs,
  policyReason,
  type RefreshFacts,
} from "../../controller/external-secret/decide-refresh.ts";
import { isMoreThanStatus } from "../../controller/triggers.ts";
import { dataHash, syncedResourceVersion } from "../../engine/hashes.ts";

const NOW = Date.UTC(2025, 0, 1);
const HASH = "a-hash";
const secret = {
  metadata: { name: "s", uid: "1", labels: { [MANAGED_LABEL]: "true" }, annotations: { [DATA_HASH_ANNOTATION]: HASH } },
  dataHash: HASH,
};
const settled: RefreshFacts = {
  refreshPolicy: "Periodic",
  creationPolicy: "Owner",
  refreshIntervalMs: 60_000,
  currentVersion: "1-a",
  syncedVersion: "1-a",
  refreshedAtMs: NOW - 1_000,
  dueAtMs: NOW + 59_000,
  nowMs: NOW,
  lastAttemptFailed: false,
  inputWasEdited: false,
  windowOpensInMs: 0,
  secret,
  ownerIsMissing: false,
};

test("what is settled is not refreshed, under any policy", () => {
  for (const refreshPolicy of ["Periodic", "OnChange", "CreatedOnce"] as const) {
    assert.equal(decideRefresh({ ...settled, refreshPolicy }), undefined);
  }
});

test("the reason for a refresh is the first check that holds", () => {
  const cases: readonly (readonly [Partial<RefreshFacts>, string | undefined])[] = [
    [{ syncedVersion: "" }, "generationChanged"],
    [{ currentVersion: "2-a" }, "generationChanged"],
    [{ refreshedAtMs: undefined }, "refreshTimeIsUnset"],
    [{ refreshedAtMs: NOW + 1 }, "refreshTimeIsInFuture"],
    [{ dueAtMs: NOW }, "refreshIntervalElapsed"],
    [{ dueAtMs: NOW, windowOpensInMs: 1 }, undefined],
    [{ currentVersion: "2-a", windowOpensInMs: 1 }, "generationChanged"],
    [{ lastAttemptFailed: true }, "lastAttemptFailed"],
    [{ inputWasEdited: true }, "inputWasEdited"],
    [{ secret: undefined }, "secretIsMissing"],
    [{ secret: { ...secret, metadata: { ...secret.metadata, labels: {} } } }, "secretIsUnmanaged"],
    [{ secret: { ...secret, dataHash: "edited" } }, "dataHashDiffers"],
    [{ ownerIsMissing: true }, "ownerIsMissing"],
    [{ refreshPolicy: "CreatedOnce", syncedVersion: "" }, "neverSynced"],
    [{ refreshPolicy: "CreatedOnce", currentVersion: "2-a", dueAtMs: 0, inputWasEdited: true }, undefined],
    [{ refreshPolicy: "CreatedOnce", secret: undefined }, "secretIsMissing"],
    [{ refreshPolicy: "OnChange", currentVersion: "2-a" }, "generationChanged"],
    [{ refreshPolicy: "OnChange", dueAtMs: 0, inputWasEdited: true }, undefined],
    [{ refreshIntervalMs: 0, currentVersion: "2-a", dueAtMs: 0, inputWasEdited: true }, undefined],
    [{ refreshIntervalMs: 0, secret: undefined }, "secretIsMissing"],
    [{ creationPolicy: "Orphan", secret: undefined }, undefined],
  ];
  for (const [facts, expected] of cases) {
    assert.equal(decideRefresh({ ...settled, ...facts }), expected, JSON.stringify(facts));
  }
});

test("the next refresh is due when the interval is over, and never where there is none", () => {
  assert.equal(nextRefreshInMs(settled), 59_000);
  assert.equal(nextRefreshInMs({ ...settled, dueAtMs: 0 }), 0);
  assert.equal(nextRefreshInMs({ ...settled, dueAtMs: 0, windowOpensInMs: 5 }), 5);
  assert.equal(nextRefreshInMs({ ...settled, refreshIntervalMs: 0 }), undefined);
  assert.equal(nextRefreshInMs({ ...settled, refreshPolicy: "OnChange" }), undefined);
});

interface Meta {
  readonly generation?: number;
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
}

interface Case {
  readonly name: string;
  readonly fn: string;
  readonly given: Meta & {
    readonly refreshPolicy?: RefreshFacts["refreshPolicy"];
    readonly creationPolicy?: RefreshFacts["creationPolicy"] | "";
    readonly refreshInterval?: string;
    readonly synced?: string;
    readonly syncedWith?: Meta;
    readonly refreshedAgo?: string | null;
    readonly secret?: Meta & { readonly uid?: string; readonly data?: Record<string, string> };
    readonly change?: string;
    readonly current?: readonly Condition[];
    readonly new?: Condition;
  };
  readonly expect: unknown;
}

function shouldRefresh({ given }: Case): boolean {
  const currentVersion = syncedResourceVersion(given);
  const written = given.syncedWith === undefined ? given.synced : syncedResourceVersion(given.syncedWith);
  const refreshIntervalMs = parseDurationMs(given.refreshInterval ?? "1h") ?? Number.NaN;
  const ago = given.refreshedAgo ? (parseDurationMs(given.refreshedAgo) ?? Number.NaN) : undefined;
  return (
    policyReason({
      ...settled,
      refreshPolicy: given.refreshPolicy ?? "Periodic",
      refreshIntervalMs,
      currentVersion,
      syncedVersion: written === "match" ? currentVersion : (written ?? ""),
      refreshedAtMs: ago === undefined ? undefined : NOW - ago,
      dueAtMs: ago === undefined ? undefined : NOW - ago + refreshIntervalMs,
    }) !== undefined
  );
}

function isSecretValid({ given }: Case): boolean {
  const { uid, labels = {}, annotations = {}, data = {} } = given.secret ?? {};
  const values = new Map(Object.entries(data).map(([key, value]) => [key, Buffer.from(value)]));
  const metadata = { name: "s", ...(uid === undefined ? {} : { uid }), labels, annotations };
  const creationPolicy = given.creationPolicy || "Owner";
  return driftReason({ ...settled, creationPolicy, secret: { metadata, dataHash: dataHash(values) } }) === undefined;
}

function shouldEnqueueUpdate({ given }: Case): boolean {
  const before = { name: "e", uid: "1", generation: 1 };
  const changes: Readonly<Record<string, object>> = {
    status: {},
    generation: { generation: 2 },
    labels: { labels: { a: "1" } },
    annotations: { annotations: { a: "1" } },
    deletionTimestamp: { deletionTimestamp: "2025-01-01T00:00:00Z" },
    finalizers: { finalizers: ["f"] },
  };
  return isMoreThanStatus({ ...before, ...changes[given.change ?? ""] }, before);
}

/** The time of the transition is `T1` in the cases. */
function setCondition({ given }: Case): unknown {
  if (given.new === undefined) return undefined;
  const { lastTransitionTime: _t1, ...next } = given.new;
  const result = withCondition(given.current ?? [], next, NOW);
  return JSON.parse(JSON.stringify(result).replaceAll("2025-01-01T00:00:00Z", "T1"));
}

const functions: Readonly<Record<string, (one: Case) => unknown>> = {
  shouldRefresh,
  isSecretValid,
  shouldEnqueueUpdate,
  setCondition,
};

function conformanceCases(): readonly Case[] {
  const folder = process.env.CONFORMANCE_DIR;
  if (folder === undefined || folder === "") return [];
  const { cases } = JSON.parse(readFileSync(join(folder, "refresh_logic.json"), "utf8")) as { readonly cases: Case[] };
  return cases.filter(({ fn }) => Object.hasOwn(functions, fn));
}

for (const one of conformanceCases()) {
  test(`conformance: ${one.fn}: ${one.name}`, () => {
    assert.deepEqual(functions[one.fn]?.(one), one.expect);
  });
}
