import assert from "node:assert/strict";
import { test } from "node:test";
import { ALERTS } from "../../controller/monitoring/alerts.ts";
import { grafanaDashboard } from "../../controller/monitoring/grafana-dashboard.ts";
import { PANEL_ROWS } from "../../controller/monitoring/panels.ts";
import { startTestController } from "./controller-fixture.ts";

const expressions = [
  ...PANEL_ROWS.flatMap(({ panels }) => panels).flatMap(({ title, queries }) =>
    queries.map(({ expr }) => ({ where: `panel ${title}`, expr })),
  ),
  ...ALERTS.map(({ name, expr }) => ({ where: `alert ${name}`, expr })),
];

/** Names of metrics in an expression: words with an underscore that are no label and no function. */
function metricsIn(expr: string): string[] {
  const bare = expr.replace(/\{[^}]*\}|by \([^)]*\)|\[[^\]]*\]|histogram_quantile/g, "");
  return bare.match(/[a-z]+(?:_[a-z]+)+/g) ?? [];
}

test("every metric that a panel or an alert asks for is served under that name", async (context) => {
  const controller = await startTestController(context, { surroundings: { processMetrics: true } });
  const served = await controller.metrics();
  for (const { where, expr } of expressions) {
    const names = metricsIn(expr);
    assert.ok(names.length > 0, `${where}: ${expr}`);
    for (const name of names) {
      const declared = name.replace(/_bucket$/, "");
      assert.ok(served.includes(`\n# TYPE ${declared} `), `${where} asks for ${name}`);
    }
  }
});

test("panels of the dashboard have ids of their own and do not cover one another", () => {
  const { panels } = grafanaDashboard() as {
    panels: readonly { id: number; gridPos: { x: number; y: number; w: number; h: number } }[];
  };
  assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)}/${y + Math.floor(cell / w)}`),
  );
  assert.equal(new Set(cells).size, cells.length);
});

test("each alert names its object or its cause, and where to look", () => {
  for (const { name, summary, description, for: duration } of ALERTS) {
    assert.match(duration, /^\d+m$/, name);
    assert.ok(summary.length > 20 && description.length > 40, name);
  }
});
