import assert from "node:assert/strict";
import { test } from "node:test";
import { ControllerMetrics } from "../../controller/metrics.ts";

test("metrics show a condition's status with 1 and its opposite with 0, and go with their object", async () => {
  const metrics = new ControllerMetrics();
  const subject = { kind: "ExternalSecret", name: "e", namespace: "n" } as const;
  metrics.setConditions(subject, [{ type: "Ready", status: "False" }]);
  metrics.setConditions(subject, [{ type: "Ready", status: "True" }]);
  metrics.countSync(subject, false);
  metrics.observeReconcile(subject, 1.5);
  const text = await metrics.registry.metrics();
  const labels = 'name="e",namespace="n",condition="Ready"';
  assert.ok(text.includes(`externalsecret_status_condition{${labels},status="True"} 1`));
  assert.ok(text.includes(`externalsecret_status_condition{${labels},status="False"} 0`));
  assert.ok(text.includes('externalsecret_sync_calls_total{name="e",namespace="n"} 1'));
  assert.ok(text.includes('externalsecret_sync_calls_error{name="e",namespace="n"} 0'));
  assert.ok(text.includes('externalsecret_reconcile_duration{name="e",namespace="n"} 1500000'));
  metrics.forget(subject);
  assert.doesNotMatch(await metrics.registry.metrics(), /name="e"/);
});
