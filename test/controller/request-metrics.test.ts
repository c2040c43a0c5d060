import assert from "node:assert/strict";
import { test } from "node:test";
import type { StoreContext } from "../../providers/contract.ts";
import { observed } from "../../providers/observed-call.ts";
import { EXTERNAL_SECRETS, externalSecret, fakeStore, STORES, startTestController } from "./controller-fixture.ts";
import { ScriptedBackend } from "./scripted-backend.ts";

test("each request to a backend is counted by the provider's and the call's name in ESO", async (context) => {
  const backend = new ScriptedBackend();
  backend.values.set("app/db", "value");
  let observeCall: StoreContext["observeCall"];
  backend.onOpen = async (opened) => {
    ({ observeCall } = opened);
  };
  const it = await startTestController(context, { surroundings: { bindBackend: backend.bindBackend } });
  it.put(STORES, fakeStore("a/store", {}));
  it.put(EXTERNAL_SECRETS, externalSecret("a/db"));
  await it.ready("a/db", "True");
  const name = { provider: "AWS/SecretsManager", call: "GetSecretValue" };
  assert.equal(await observed(observeCall, name, async () => "value"), "value");
  const refused = new Error("refused");
  await assert.rejects(
    observed(observeCall, name, () => Promise.reject(refused)),
    refused,
  );
  const metrics = await it.metrics();
  const series = 'externalsecret_provider_api_calls_count{provider="AWS/SecretsManager",call="GetSecretValue"';
  assert.ok(metrics.includes(`${series},status="success"} 1`), metrics);
  assert.ok(metrics.includes(`${series},status="error"} 1`), metrics);
  assert.match(metrics, /external_secrets_store_calls_total\{provider="fake",call="getSecret",status="success"\} 1\n/);
});
