import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubeSecret } from "../../controller/cache/secret-record.ts";
import { leftoversOf } from "../../controller/external-secret/leftovers.ts";
import { statusPatch } from "../../controller/external-secret/write-status.ts";
import { SecretMap } from "../../providers/secret-map.ts";

const NOW = Date.UTC(2025, 0, 1);

test("left over are foreign keys, and labels that our field manager wrote as an update", () => {
  const managed = (manager: string, operation: string, labels: readonly string[]) => ({
    manager,
    operation,
    fieldsV1: {
      "f:metadata": { "f:labels": Object.fromEntries([[".", {}], ...labels.map((label) => [`f:${label}`, {}])]) },
    },
  });
  const metadata = {
    name: "s",
    uid: "1",
    resourceVersion: "2",
    managedFields: [
      managed("us", "Update", ["old", "kept", "shared"]),
      managed("them", "Update", ["shared", "theirs"]),
    ],
  };
  const applied: KubeSecret = { metadata, data: { a: "", foreign: "" } };
  const desired = {
    ...{ name: "s", namespace: "n", type: "Opaque", labels: { kept: "1" }, annotations: {}, owned: true },
    data: new SecretMap([["a", Buffer.of()]]),
  };
  assert.deepEqual(leftoversOf(applied, desired, "us"), {
    metadata: { uid: "1", resourceVersion: "2", labels: { old: null }, annotations: {} },
    data: { foreign: null },
  });
  const clean: KubeSecret = { metadata: { name: "s" }, data: { a: "" } };
  assert.equal(leftoversOf(clean, desired, "us"), undefined);
});

test("a status says something new once only", () => {
  const condition = { status: "True", reason: "SecretSynced", message: "secret synced" };
  const news = { condition, synced: { version: "1-a", boundTo: "s", changedSecret: true } };
  const first = statusPatch(undefined, news, NOW);
  assert.deepEqual(first, {
    conditions: [{ type: "Ready", ...condition, lastTransitionTime: "2025-01-01T00:00:00Z" }],
    syncedResourceVersion: "1-a",
    refreshTime: "2025-01-01T00:00:00Z",
    binding: { name: "s" },
  });
  const again = { ...news, synced: { ...news.synced, changedSecret: false } };
  assert.equal(statusPatch(first, again, NOW + 60_000), undefined);
  assert.deepEqual(statusPatch(first, news, NOW + 60_000), { refreshTime: "2025-01-01T00:01:00Z" });
  const failed = { condition: { status: "False", reason: "SecretSyncedError", message: "x".repeat(5_000) } };
  assert.equal(statusPatch(first, failed, NOW)?.conditions?.[0]?.message?.length, 1_000);
  assert.equal(statusPatch(first, failed, NOW)?.refreshTime, undefined);
});

test("a status of ESO's is not written for the sake of a Synced that says the same as its Ready", () => {
  const told = { status: "True", reason: "SecretSynced", message: "secret synced" };
  const current = {
    refreshTime: "2024-12-31T00:00:00Z",
    syncedResourceVersion: "1-x",
    binding: { name: "s" },
    conditions: [{ type: "Ready" as const, ...told, lastTransitionTime: "2024-12-31T00:00:00Z" }],
  };
  const synced = { version: "1-x", boundTo: "s", changedSecret: false };
  const news = { condition: told, syncedCondition: told, entries: [], synced };
  assert.equal(statusPatch(current, news, NOW), undefined);
  const types = (patch: ReturnType<typeof statusPatch>) => patch?.conditions?.map(({ type }) => type);
  const hidden = { ...news, syncedCondition: { ...told, status: "False", reason: "SecretMissing" } };
  assert.deepEqual(types(statusPatch(current, hidden, NOW)), ["Ready", "Synced"]);
  const changed = { ...news, synced: { ...synced, changedSecret: true } };
  assert.deepEqual(types(statusPatch(current, changed, NOW)), ["Ready", "Synced"]);
});

test("a status follows the generation of the spec, and one that has none gets it with other news", () => {
  const condition = { status: "True", reason: "SecretSynced", message: "secret synced" };
  const synced = { version: "1-a", boundTo: "s", changedSecret: false };
  const first = statusPatch(undefined, { condition, synced, generation: 1 }, NOW);
  assert.equal(first?.observedGeneration, 1);
  assert.equal(statusPatch(first, { condition, synced, generation: 1 }, NOW), undefined);
  assert.deepEqual(statusPatch(first, { condition, generation: 2 }, NOW), { observedGeneration: 2 });
  const { observedGeneration: _, ...withoutGeneration } = { ...first };
  assert.equal(statusPatch(withoutGeneration, { condition, synced, generation: 2 }, NOW), undefined);
});
