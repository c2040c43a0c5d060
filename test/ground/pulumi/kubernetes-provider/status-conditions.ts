/** Reads `status.conditions`. */
import { isList, isProperties, type Properties, propertiesAt, stringAt } from "./property-values.ts";

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration: unknown;
}

export function conditionsOf(object: Properties): readonly Condition[] {
  const conditions = propertiesAt(object, "status").conditions;
  return (isList(conditions) ? conditions : []).filter(isProperties).map((condition) => ({
    type: stringAt(condition, "type"),
    status: stringAt(condition, "status"),
    reason: stringAt(condition, "reason"),
    message: stringAt(condition, "message"),
    observedGeneration: condition.observedGeneration,
  }));
}

export function conditionOf(object: Properties, type: string): Condition | undefined {
  return conditionsOf(object).find((condition) => condition.type === type);
}

/** `Ready=False, reason SecretSyncedError: could not get secret data from provider`. */
export function describeCondition({ type, status, reason, message }: Condition): string {
  return `${type}=${status}${reason && `, reason ${reason}`}${message && `: ${message}`}`;
}
