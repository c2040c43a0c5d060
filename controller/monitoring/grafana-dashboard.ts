/** The panels as a Grafana dashboard. */
import { PANEL_ROWS, type Panel } from "./panels.ts";

const PANEL_WIDTH = 12;
const PANEL_HEIGHT = 8;
const DATASOURCE = { type: "prometheus", uid: "$datasource" } as const;

function graph(panel: Panel, id: number, x: number, y: number): object {
  return {
    id,
    type: "timeseries",
    title: panel.title,
    description: panel.description,
    datasource: DATASOURCE,
    gridPos: { x, y, w: PANEL_WIDTH, h: PANEL_HEIGHT },
    fieldConfig: { defaults: { unit: panel.unit, min: 0 }, overrides: [] },
    targets: panel.queries.map(({ expr, legend }, index) => ({
      refId: String.fromCharCode(65 + index),
      datasource: DATASOURCE,
      expr,
      legendFormat: legend,
    })),
  };
}

function panels(): object[] {
  const all: object[] = [];
  let y = 0;
  for (const row of PANEL_ROWS) {
    all.push({ id: all.length + 1, type: "row", title: row.title, gridPos: { x: 0, y, w: 24, h: 1 }, panels: [] });
    y += 1;
    for (const [index, panel] of row.panels.entries()) {
      const isLeft = index % 2 === 0;
      all.push(graph(panel, all.length + 1, isLeft ? 0 : PANEL_WIDTH, y));
      if (!isLeft || index === row.panels.length - 1) y += PANEL_HEIGHT;
    }
  }
  return all;
}

/** Importable as it is; asks for the Prometheus data source. */
export function grafanaDashboard(): object {
  return {
    uid: "external-secrets",
    title: "External secrets",
    tags: ["external-secrets", "kubernetes"],
    schemaVersion: 39,
    editable: true,
    refresh: "30s",
    time: { from: "now-3h", to: "now" },
    templating: { list: [{ name: "datasource", label: "Data source", type: "datasource", query: "prometheus" }] },
    panels: panels(),
  };
}
