/** Conditions in the status of our objects: merged so that nothing changes when nothing new is said. */

/** A condition as all our kinds have it. */
export interface Condition<Type extends string = string> {
  readonly type: Type;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

/** Longest message that is written; the API allows more, people do not read more. */
const MAX_MESSAGE_LENGTH = 1_000;

/** A time as Kubernetes writes it: RFC 3339 in UTC, whole seconds. */
export function timestampOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** The message, shortened with an ellipsis where it is too long. */
export function shortened(message: string, maxLength = MAX_MESSAGE_LENGTH): string {
  return message.length <= maxLength ? message : `${message.slice(0, maxLength - 1)}…`;
}

/** The condition of that type. */
export function conditionOf<Type extends string>(
  conditions: readonly Condition<Type>[] | undefined,
  type: Type,
): Condition<Type> | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/**
 * The list with `next` in place of the condition of its type, or added to the end. The time of the last transition moves
 * only when the status changes. The same array is returned where nothing differs.
 */
export function withCondition<Type extends string>(
  conditions: readonly Condition<Type>[],
  next: Condition<Type>,
  nowMs: number,
): readonly Condition<Type>[] {
  const current = conditionOf(conditions, next.type);
  if (current?.status === next.status && current.reason === next.reason && current.message === next.message) {
    return conditions;
  }
  const kept = current?.status === next.status ? current.lastTransitionTime : undefined;
  const made = { ...next, lastTransitionTime: kept ?? timestampOf(nowMs) };
  return current === undefined
    ? [...conditions, made]
    : conditions.map((condition) => (condition === current ? made : condition));
}
