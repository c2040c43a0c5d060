/** Which entries gave nothing, and whether the rest may be written without them. */
import type { ExternalSecretSpec } from "../api/external-secret.ts";
import { type ErrorReason, SyncError } from "../providers/errors.ts";
import type { SecretMap } from "../providers/secret-map.ts";
import { type Entry, entryError } from "./entry-error.ts";

/** An entry of `data` or `dataFrom` that gave nothing. */
export interface EntryProblem extends Entry {
  readonly reason: ErrorReason;
  /** The cause, without any value. */
  readonly message: string;
  /** Set where the rest is written all the same: the entry is left out, or its default takes its place. */
  readonly instead?: "leftOut" | "default";
}

/** What an entry says of its own absence. */
export interface AbsencePolicy {
  readonly optional: boolean;
  /** What takes the entry's place; unset: nothing. */
  readonly fallback?: SecretMap;
}

/** All that was read. */
export interface FetchedData {
  /** Of the entries that gave something, and of defaults. */
  readonly data: SecretMap;
  /** Entries that the backend does not have, and that need not be there. */
  readonly absences: readonly EntryProblem[];
  /** Entries because of which nothing may be written. */
  readonly failures: readonly EntryProblem[];
  /**
   * Why nothing may be written: a `SyncError` of the first entry that failed, which names its field, key and property, and how
   * many more failed; else what was thrown. Undefined where nothing failed.
   */
  readonly error: unknown;
}

/**
 * What becomes of an entry that failed: undefined where it keeps the rest from being written. As in ESO, a secret that the backend
 * does not have is left out unless deletionPolicy is Retain; beyond ESO, an entry may say so itself.
 */
export function insteadOf(
  error: unknown,
  { optional, fallback }: AbsencePolicy,
  target: ExternalSecretSpec["target"],
): EntryProblem["instead"] {
  const isAbsent =
    error instanceof SyncError && (error.reason === "SecretNotFound" || error.reason === "PropertyNotFound");
  if (!isAbsent) return undefined;
  if (fallback !== undefined) return "default";
  const isNoSecret = error.reason === "SecretNotFound";
  return optional || (isNoSecret && (target?.deletionPolicy ?? "Retain") !== "Retain") ? "leftOut" : undefined;
}

/** The entry with what is known of its failure. */
export function entryProblem(error: SyncError, entry: Entry, instead: EntryProblem["instead"]): EntryProblem {
  const told = entryError(error, entry);
  return {
    field: entry.field,
    remoteKey: entry.remoteKey,
    ...(entry.property === undefined ? {} : { property: entry.property }),
    reason: error.reason,
    message: told instanceof SyncError ? told.describe() : error.message,
    ...(instead === undefined ? {} : { instead }),
  };
}
