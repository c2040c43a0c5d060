/** Which series the conditions of an object have; objects that are alike share one description. */
import type { Condition } from "./conditions.ts";

/** By type: the status now, and all statuses that have a series. */
export type ConditionSeries = ReadonlyMap<string, { readonly status: string; readonly statuses: readonly string[] }>;

const ALWAYS_SHOWN = ["True", "False"];

/** Few objects differ in this, so that thousands of them take a reference each. */
export class ConditionSeriesForms {
  readonly #forms = new Map<string, ConditionSeries>();

  /** `before` with these conditions; `before` itself where it says so already. */
  after(
    before: ConditionSeries | undefined,
    conditions: readonly Pick<Condition, "type" | "status">[],
  ): ConditionSeries {
    if (before !== undefined && conditions.every(({ type, status }) => before.get(type)?.status === status)) {
      return before;
    }
    const series = new Map(before ?? []);
    for (const { type, status } of conditions) {
      const statuses = series.get(type)?.statuses ?? ALWAYS_SHOWN;
      series.set(type, { status, statuses: statuses.includes(status) ? statuses : [...statuses, status] });
    }
    const text = JSON.stringify([...series]);
    const known = this.#forms.get(text) ?? series;
    this.#forms.set(text, known);
    return known;
  }
}
