/** What an attempt comes to. */
import type { EntryProblem } from "../../engine/entry-problems.ts";
import type { FailedStep, Outcome } from "./outcome.ts";

export interface SyncResult {
  readonly outcome: Outcome;
  readonly changedSecret: boolean;
  /** Of what was read, where equal bytes need no further work next time. */
  readonly dataDigest?: string;
  /** Names the data that was written; unset: it is as it was. */
  readonly contentVersion?: string;
  /** The Secret that was written; null: there is none; unset: as it was. */
  readonly boundTo?: string | null;
  /** Entries that gave nothing; unset: they were not read. */
  readonly entries?: readonly EntryProblem[];
}

/** Nothing was done: the backend is asked again first, whether it really has no such secret. */
export interface Held {
  readonly askAgainInMs: number;
}

/** What an attempt has come to, for the case that it fails. */
export interface Progress {
  step: FailedStep;
  entries?: readonly EntryProblem[];
}
