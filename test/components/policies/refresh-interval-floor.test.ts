import assert from "node:assert/strict";
import { test } from "node:test";
import { refreshIntervalFloor } from "../../../components/policies/refresh-interval-floor.ts";
import { violations } from "./violations.ts";

const every = (refreshInterval: unknown, more = {}) => ({
  metadata: { name: "db" },
  spec: { refreshInterval, ...more },
});

test("an interval below the floor is refused, with the object, the field and the remedy", async () => {
  assert.deepEqual(await violations(refreshIntervalFloor(), { props: every("10s") }), [
    'ExternalSecret db (resource "resource"): spec.refreshInterval is 10s, below the floor of 1m. Raise it to 1m or more, or set 0 for values that never change.',
  ]);
});

test("the floor itself, longer intervals, 0, none and what is no duration are allowed", async () => {
  for (const interval of ["1m", "60s", "1h0m0s", "0", "0s", undefined, "soon", null]) {
    assert.deepEqual(await violations(refreshIntervalFloor(), { props: every(interval) }), [], String(interval));
  }
});

test("an interval that has no effect is not judged", async () => {
  for (const refreshPolicy of ["OnChange", "CreatedOnce"]) {
    assert.deepEqual(await violations(refreshIntervalFloor(), { props: every("1s", { refreshPolicy }) }), []);
  }
  assert.equal(
    (await violations(refreshIntervalFloor(), { props: every("1s", { refreshPolicy: "Periodic" }) })).length,
    1,
  );
});

test("stores, pushes and cluster-wide ExternalSecrets have a floor, too; a store's integer is seconds", async () => {
  const policy = refreshIntervalFloor();
  for (const kind of ["SecretStore", "ClusterSecretStore"]) {
    assert.equal((await violations(policy, { kind, props: every(59) })).length, 1);
    assert.deepEqual(await violations(policy, { kind, props: every(60) }), []);
    assert.deepEqual(await violations(policy, { kind, props: every(0) }), []);
  }
  const push = { kind: "PushSecret", apiVersion: "external-secrets.io/v1alpha1", props: every("5s") };
  assert.equal((await violations(policy, push)).length, 1);
  const props = { spec: { externalSecretSpec: { refreshInterval: "5s" } } };
  const [message] = await violations(policy, { kind: "ClusterExternalSecret", props });
  assert.match(message ?? "", /^ClusterExternalSecret "resource": spec\.externalSecretSpec\.refreshInterval is 5s/);
});

test("the floor is configurable, and one that is no duration is an error that names the setting", async () => {
  assert.equal((await violations(refreshIntervalFloor({ minimum: "1h" }), { props: every("30m") })).length, 1);
  assert.deepEqual(await violations(refreshIntervalFloor(), { props: every("5s"), config: { minimum: "5s" } }), []);
  await assert.rejects(violations(refreshIntervalFloor({ minimum: "often" }), { props: every("1h") }), {
    message: /minimum is not a duration: "often"/,
  });
});
