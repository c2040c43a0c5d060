/** The condition `Synced`: whether the Secret holds what the backend gave last, where `Ready` says what ESO says. */
import { CONDITION_MESSAGES, CONDITION_SYNCED, EXTERNAL_SECRET_REASONS, SYNCED_REASONS } from "../../api/reasons.ts";
import type { EntryProblem } from "../../engine/entry-problems.ts";
import { type Condition, conditionOf } from "../conditions.ts";
import type { AppliedSecret } from "./apply-secret.ts";

/** A condition that is about to be written. */
export interface ConditionNews {
  readonly status: "True" | "False";
  readonly reason: string;
  readonly message: string;
}

/** Fields that a message names; the rest is counted. */
const MAX_NAMED = 5;

function named(fields: readonly string[]): string {
  const more = fields.length - MAX_NAMED;
  return `${fields.slice(0, MAX_NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

const SYNCED = { status: "True", reason: EXTERNAL_SECRET_REASONS.synced } as const;

/** The Secret was written, or was already as it must be. */
export function syncedAs(
  { change, conflicts, isFrozen }: AppliedSecret,
  absences: readonly EntryProblem[],
  conditions: readonly Condition[] | undefined,
): ConditionNews {
  if (change === "missing") return targetMissing();
  if (isFrozen) {
    const message = "the Secret is immutable and holds other values than the backend; delete it to have it made anew";
    return { status: "False", reason: SYNCED_REASONS.immutable, message };
  }
  if (conflicts.length > 0 && change !== "unchanged") {
    const fields = conflicts.map(({ field, manager }) => `${field} from field manager "${manager}"`);
    return { status: "True", reason: SYNCED_REASONS.conflict, message: `fields were taken over: ${named(fields)}` };
  }
  const before = conditionOf(conditions, CONDITION_SYNCED);
  // What was taken over stays told until the Secret is written anew.
  if (change === "unchanged" && before?.status === "True" && before.reason === SYNCED_REASONS.conflict) {
    return { status: "True", reason: SYNCED_REASONS.conflict, message: before.message ?? "" };
  }
  const without = absences.length === 0 ? "" : `; not in the backend: ${named(absences.map(({ field }) => field))}`;
  return { ...SYNCED, message: `${CONDITION_MESSAGES.synced}${without}` };
}

/** creationPolicy Merge, and nothing to merge into. */
function targetMissing(): ConditionNews {
  const message = "there is no Secret to merge into; create it, or set spec.target.creationPolicy to CreateOrMerge";
  return { status: "False", reason: EXTERNAL_SECRET_REASONS.missing, message };
}

/** creationPolicy None. */
export function nothingWritten(): ConditionNews {
  return { ...SYNCED, message: "no Secret is written due to CreationPolicy=None" };
}

/** The backend gave nothing, and the Secret, if there is one, stays. */
export function keptAsItWas(secretExists: boolean): ConditionNews {
  return secretExists
    ? {
        status: "False",
        reason: SYNCED_REASONS.retained,
        message: "the backend gave nothing; the Secret holds what it gave before",
      }
    : {
        status: "False",
        reason: EXTERNAL_SECRET_REASONS.missing,
        message: "the backend gave nothing, and there is no Secret",
      };
}

/** The backend gave nothing, which does not prove that the secret was deleted. */
export function absenceUnproven(why: string): ConditionNews {
  const message = `the backend gave nothing, but nothing is deleted: ${why}`;
  return { status: "False", reason: SYNCED_REASONS.unproven, message };
}

/** The Secret was deleted, as it was asked for. */
export function secretDeleted(): ConditionNews {
  return { status: "True", reason: EXTERNAL_SECRET_REASONS.deleted, message: CONDITION_MESSAGES.deleted };
}
