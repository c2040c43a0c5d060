/** What a user reads of an error: what failed, the field, and the remedy; never a value. */
import { SyncError } from "../providers/errors.ts";

/** In one line. */
export function describeError(error: unknown): string {
  if (!(error instanceof SyncError)) return error instanceof Error ? error.message : String(error);
  const { field } = error.details;
  const text = error.describe();
  return field === undefined || text.includes(field) ? text : `${field}: ${text}`;
}
