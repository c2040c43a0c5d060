/** What follows from how an attempt ended: condition, event, metric and next attempt, decided here and nowhere else. */
import type { CreationPolicy } from "../../api/external-secret.ts";
import { CONDITION_MESSAGES, EXTERNAL_SECRET_EVENTS, EXTERNAL_SECRET_REASONS } from "../../api/reasons.ts";
import type { EntryProblem } from "../../engine/entry-problems.ts";
import { Transient } from "../../providers/errors.ts";
import { describeError } from "../describe-error.ts";
import type { EventType } from "../events.ts";
import { KubeApiError } from "../kube/kube-api-error.ts";
import type { AppliedSecret, SecretChange } from "./apply-secret.ts";
import {
  InvalidExternalSecret,
  OwnershipConflict,
  SecretNotOurs,
  StoreUnavailable,
  TargetImmutable,
  TargetTypeDiffers,
} from "./problems.ts";
import {
  absenceUnproven,
  type ConditionNews,
  keptAsItWas,
  nothingWritten,
  secretDeleted,
  syncedAs,
} from "./synced-condition.ts";

/** When the next attempt is due. */
export type NextAttempt =
  /** After the refresh interval. */
  | { readonly on: "interval" }
  /** After a delay that grows with each failure (to `atMostMs`), and not before what was asked for, in milliseconds. */
  | { readonly on: "backoff"; readonly atLeastMs: number; readonly atMostMs?: number }
  /** After so many milliseconds. */
  | { readonly on: "delay"; readonly ms: number }
  /** When the ExternalSecret, its target or its store changes. */
  | { readonly on: "change" };

/** What is told once. */
export interface OutcomeEvent {
  readonly type: EventType;
  readonly reason: string;
  readonly message: string;
}

/** The end of an attempt. */
export interface Outcome {
  readonly failed: boolean;
  /** `Ready`, as ESO says it. */
  readonly condition: ConditionNews;
  /** `Synced`, which says what `Ready` leaves out. */
  readonly synced: ConditionNews;
  /** That of a failure is only told when the condition changes. */
  readonly events: readonly OutcomeEvent[];
  readonly next: NextAttempt;
}

/** The step that failed. */
export type FailedStep = "validate" | "resolve" | "fetch" | "delete" | "apply" | "prune";

/** Stores tell of their changes; attempts without such news soon become rare. */
const MAX_STORE_RETRY_MS = 60_000;

const CHANGE_EVENTS: Readonly<Record<SecretChange, { readonly reason: string; readonly message: string } | undefined>> =
  {
    created: { reason: EXTERNAL_SECRET_EVENTS.created, message: "secret created" },
    updated: { reason: EXTERNAL_SECRET_EVENTS.updated, message: "secret updated" },
    unchanged: undefined,
    missing: undefined,
  };

const SYNCED = {
  status: "True",
  reason: EXTERNAL_SECRET_REASONS.synced,
  message: CONDITION_MESSAGES.synced,
} as const satisfies ConditionNews;

const MERGE_TARGET_MISSING = {
  status: "True",
  reason: EXTERNAL_SECRET_REASONS.missing,
  message: CONDITION_MESSAGES.mergeTargetMissing,
} as const satisfies ConditionNews;

/** The Secret is as the backend says, or creationPolicy Merge found none. */
export function appliedOutcome(
  applied: AppliedSecret,
  absences: readonly EntryProblem[],
  conditions: Parameters<typeof syncedAs>[2],
): Outcome {
  const event = CHANGE_EVENTS[applied.change];
  const synced = syncedAs(applied, absences, conditions);
  const isTakeOver = applied.change !== "unchanged" && applied.conflicts.length > 0;
  return {
    failed: false,
    condition: applied.change === "missing" ? MERGE_TARGET_MISSING : SYNCED,
    synced,
    events: [
      ...(event === undefined ? [] : [{ type: "Normal", ...event } as const]),
      ...(isTakeOver
        ? [{ type: "Warning", reason: EXTERNAL_SECRET_EVENTS.fieldConflict, message: synced.message } as const]
        : []),
    ],
    next: { on: "interval" },
  };
}

/** creationPolicy None: the backend was read, and that is all. */
export function noTargetOutcome(): Outcome {
  return { failed: false, condition: SYNCED, synced: nothingWritten(), events: [], next: { on: "interval" } };
}

/** deletionPolicy Retain, and the backend gave nothing: the Secret stays as it is. */
export function keptOutcome(secretExists: boolean, creationPolicy: CreationPolicy): Outcome {
  const synced = creationPolicy === "None" ? nothingWritten() : keptAsItWas(secretExists);
  const condition = { ...SYNCED, message: CONDITION_MESSAGES.retained };
  return { failed: false, condition, synced, events: [], next: { on: "interval" } };
}

/** deletionPolicy Delete, but what the backend said proves nothing. */
export function unprovenOutcome(why: string): Outcome {
  const synced = absenceUnproven(why);
  const condition = { ...SYNCED, message: `secret retained: ${synced.message}` };
  return { failed: false, condition, synced, events: [], next: { on: "interval" } };
}

/** deletionPolicy Delete: the Secret is gone. @param name set where it was deleted just now. */
export function deletedOutcome(name: string | undefined): Outcome {
  const condition = secretDeleted();
  const message = CONDITION_MESSAGES.deleted;
  const events = [{ type: "Normal", reason: EXTERNAL_SECRET_EVENTS.deleted, message } as const];
  return {
    failed: false,
    condition,
    synced: condition,
    events: name === undefined ? [] : events,
    next: { on: "interval" },
  };
}

/** Strict mode: `Ready` is not said where `Synced` is denied. */
export function honest(outcome: Outcome): Outcome {
  return outcome.synced.status === "True" ? outcome : { ...outcome, condition: outcome.synced };
}

/** The Secret stays as it is. */
export function failedOutcome(step: FailedStep, error: unknown): Outcome {
  const message = `${introductionOf(step, error)}: ${describeError(error)}`;
  const condition: ConditionNews = { status: "False", reason: EXTERNAL_SECRET_REASONS.syncError, message };
  return {
    failed: true,
    condition,
    synced: condition,
    events: [{ type: "Warning", reason: EXTERNAL_SECRET_EVENTS.updateFailed, message }],
    next: nextOf(error),
  };
}

/** ESO's own words, where it has some. */
function introductionOf(step: FailedStep, error: unknown): string {
  if (error instanceof OwnershipConflict) {
    return error.isOwnedByExternalSecret ? CONDITION_MESSAGES.ownedByAnother : CONDITION_MESSAGES.ownershipError;
  }
  if (error instanceof TargetImmutable) return CONDITION_MESSAGES.immutable;
  switch (step) {
    case "validate":
      return "invalid ExternalSecret";
    case "resolve":
    case "fetch":
      return CONDITION_MESSAGES.providerError;
    case "delete":
      return CONDITION_MESSAGES.deleteError;
    case "apply":
      return CONDITION_MESSAGES.updateError;
    case "prune":
      return CONDITION_MESSAGES.deleteOrphansError;
  }
}

function nextOf(error: unknown): NextAttempt {
  if (
    error instanceof InvalidExternalSecret ||
    error instanceof OwnershipConflict ||
    error instanceof SecretNotOurs ||
    error instanceof TargetImmutable ||
    error instanceof TargetTypeDiffers
  ) {
    return { on: "change" };
  }
  if (error instanceof StoreUnavailable) return { on: "backoff", atLeastMs: 0, atMostMs: MAX_STORE_RETRY_MS };
  const asked = error instanceof Transient || error instanceof KubeApiError ? error.retryAfterMs : undefined;
  return { on: "backoff", atLeastMs: asked ?? 0 };
}
