/** The alerts as a rule file of Prometheus. */
import { ALERTS } from "./alerts.ts";

/** As `rule_files` takes it, and as `spec` of a PrometheusRule. */
export function prometheusRules(): object {
  const rules = ALERTS.map(({ name, expr, for: duration, severity, summary, description }) => ({
    alert: name,
    expr,
    for: duration,
    labels: { severity },
    annotations: { summary, description },
  }));
  return { groups: [{ name: "external-secrets", rules }] };
}
