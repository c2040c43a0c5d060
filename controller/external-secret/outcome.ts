/** What follows from how an attempt ended: condition, event, metric and next attempt, decided here and nowhere else. */
import { CONDITION_MESSAGES, EXTERNAL_SECRET_EVENTS, EXTERNAL_SECRET_REASONS } from "../../api/reasons.ts";
import { Transient } from "../../providers/errors.ts";
import { describeError } from "../describe-error.ts";
import type { EventType } from "../events.ts";
import { KubeApiError } from "../kube/kube-api-error.ts";
import type { SecretChange } from "./apply-secret.ts";
import {
  InvalidExternalSecret,
  OwnershipConflict,
  StoreUnavailable,
  TargetImmutable,
  TargetTypeDiffers,
} from "./problems.ts";
import type { StatusNews } from "./write-status.ts";

/** When the next attempt is due. */
export type NextAttempt =
  /** After the refresh interval. */
  | { readonly on: "interval" }
  /** After a delay that grows with each failure, and not before what was asked for, in milliseconds. */
  | { readonly on: "backoff"; readonly atLeastMs: number }
  /** After so many milliseconds. */
  | { readonly on: "delay"; readonly ms: number }
  /** When the ExternalSecret, its target or its store changes. */
  | { readonly on: "change" };

/** The end of an attempt. */
export interface Outcome {
  readonly failed: boolean;
  readonly condition: StatusNews["condition"];
  /** Unset where there is nothing to tell. Of a failure: only told when the condition changes. */
  readonly event?: { readonly type: EventType; readonly reason: string; readonly message: string };
  readonly next: NextAttempt;
}

/** The step that failed. */
export type FailedStep = "validate" | "resolve" | "fetch" | "apply" | "prune";

/** Stores tell of their changes; this is for the case that the news is lost. */
const STORE_RETRY_MS = 60_000;

const CHANGE_EVENTS: Readonly<Record<SecretChange, { readonly reason: string; readonly message: string } | undefined>> =
  {
    created: { reason: EXTERNAL_SECRET_EVENTS.created, message: "secret created" },
    updated: { reason: EXTERNAL_SECRET_EVENTS.updated, message: "secret updated" },
    unchanged: undefined,
  };

/** The Secret is as the backend says. */
export function syncedOutcome(change: SecretChange): Outcome {
  const event = CHANGE_EVENTS[change];
  return {
    failed: false,
    condition: { status: "True", reason: EXTERNAL_SECRET_REASONS.synced, message: CONDITION_MESSAGES.synced },
    ...(event === undefined ? {} : { event: { type: "Normal", ...event } }),
    next: { on: "interval" },
  };
}

/** The backend gave nothing, and the Secret stays as it is. */
export function retainedOutcome(): Outcome {
  return {
    failed: false,
    condition: { status: "True", reason: EXTERNAL_SECRET_REASONS.synced, message: CONDITION_MESSAGES.retained },
    next: { on: "interval" },
  };
}

/** The Secret stays as it is. */
export function failedOutcome(step: FailedStep, error: unknown): Outcome {
  const message = `${introductionOf(step, error)}: ${describeError(error)}`;
  return {
    failed: true,
    condition: { status: "False", reason: EXTERNAL_SECRET_REASONS.syncError, message },
    event: { type: "Warning", reason: EXTERNAL_SECRET_EVENTS.updateFailed, message },
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
    error instanceof TargetImmutable ||
    error instanceof TargetTypeDiffers
  ) {
    return { on: "change" };
  }
  if (error instanceof StoreUnavailable) return { on: "delay", ms: STORE_RETRY_MS };
  const asked = error instanceof Transient || error instanceof KubeApiError ? error.retryAfterMs : undefined;
  return { on: "backoff", atLeastMs: asked ?? 0 };
}
