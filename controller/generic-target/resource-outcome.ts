/** How an attempt ended, told of a target that is no Secret: ESO's reasons `Resource…`, and messages that name no Secret. */
import { EXTERNAL_SECRET_REASONS, GENERIC_TARGET_REASONS, SYNCED_REASONS } from "../../api/reasons.ts";
import type { Outcome, OutcomeEvent } from "../external-secret/outcome.ts";
import type { ConditionNews } from "../external-secret/synced-condition.ts";

const REASONS: Readonly<Record<string, string>> = {
  [EXTERNAL_SECRET_REASONS.synced]: GENERIC_TARGET_REASONS.synced,
  [EXTERNAL_SECRET_REASONS.syncError]: GENERIC_TARGET_REASONS.syncError,
  [EXTERNAL_SECRET_REASONS.deleted]: GENERIC_TARGET_REASONS.deleted,
  [EXTERNAL_SECRET_REASONS.missing]: GENERIC_TARGET_REASONS.missing,
  [SYNCED_REASONS.immutable]: GENERIC_TARGET_REASONS.immutable,
  [SYNCED_REASONS.retained]: GENERIC_TARGET_REASONS.retained,
};

/** Begins of fixed messages; what follows may quote the user. */
const BEGINS: readonly (readonly [RegExp, string])[] = [
  [/^secret (?=synced|retained|deleted|created|updated|will not)/, "resource "],
  [/^could not (update|delete) secret(?=[:,])/, "could not $1 resource"],
  [/^could not delete orphaned secrets(?=:)/, "could not delete orphaned resources"],
  [/^failed to take ownership of target secret(?=:)/, "failed to take ownership of target resource"],
];

/** The same outcome in other words. @param kind that of the target */
export function resourceOutcome(outcome: Outcome, kind: string): Outcome {
  return {
    ...outcome,
    condition: told(outcome.condition, outcome.failed, kind),
    synced: told(outcome.synced, outcome.failed, kind),
    events: outcome.events.map((event): OutcomeEvent => ({ ...event, message: begun(event.message) })),
  };
}

function told({ status, reason, message }: ConditionNews, failed: boolean, kind: string): ConditionNews {
  // What did not fail says nothing but fixed words and names of fields.
  const words = failed ? message : message.replaceAll(/\bSecret\b/g, kind);
  return { status, reason: REASONS[reason] ?? reason, message: begun(words) };
}

function begun(message: string): string {
  return BEGINS.reduce((text, [begin, instead]) => text.replace(begin, instead), message);
}
