import assert from "node:assert/strict";
import { test } from "node:test";
import { ControllerMetrics } from "../../controller/metrics.ts";

test("extended labels are those of the object's application, and change with them", async () => {
  const metrics = new ControllerMetrics({ extendedLabels: true });
  const subject = { kind: "ExternalSecret", name: "e", namespace: "n" } as const;
  const shown = async () =>
    (await metrics.registry.metrics())
      .split("\n")
      .filter((line) => line.startsWith("externalsecret_sync_calls_total{"));
  metrics.countSync({ ...subject, objectLabels: { "app.kubernetes.io/part-of": "shop", other: "x" } }, false);
  const [line = "", ...more] = await shown();
  assert.deepEqual(more, []);
  assert.match(line, /name="e",namespace="n",app_kubernetes_io_name="",.*app_kubernetes_io_part_of="shop"/);
  metrics.countSync({ ...subject, objectLabels: { "app.kubernetes.io/part-of": "store" } }, false);
  assert.match((await shown()).join(), /^[^,]*,[^,]*,.*part_of="store"[^,]*,[^,]*$/);
  metrics.forget(subject);
  assert.deepEqual(await shown(), []);
});

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
