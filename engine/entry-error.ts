/** Says where in the ExternalSecret an error belongs, and keeps its class, which decides what happens next. */
import {
  AccessDenied,
  InvalidConfiguration,
  PropertyNotFound,
  SecretNotFound,
  SyncError,
  type SyncErrorDetails,
  Transient,
} from "../providers/errors.ts";

/** The part of an ExternalSecret that failed. */
export interface Entry {
  /** Path of the reference: `spec.data[1].remoteRef`. */
  readonly field: string;
  /** The key in the backend. */
  readonly remoteKey: string;
  readonly property?: string | undefined;
}

function rebuild(error: SyncError, message: string, details: SyncErrorDetails): SyncError {
  switch (error.reason) {
    case "SecretNotFound":
      return new SecretNotFound(message, details);
    case "PropertyNotFound":
      return new PropertyNotFound(message, details);
    case "AccessDenied":
      return new AccessDenied(message, details);
    case "InvalidConfiguration":
      return new InvalidConfiguration(message, details);
    case "Transient": {
      const retryAfterMs = error instanceof Transient ? error.retryAfterMs : undefined;
      return new Transient(message, retryAfterMs === undefined ? details : { ...details, retryAfterMs });
    }
  }
}

/** The field that the user must look at: the property where that is what is missing. */
function fieldOf(error: SyncError, entry: Entry): string {
  return error.reason === "PropertyNotFound" && entry.property !== undefined ? `${entry.field}.property` : entry.field;
}

/**
 * The same error with the entry's field, key and property. `others` is how many more entries failed.
 * Whatever is no `SyncError` (an abort, a defect of ours) is returned unchanged.
 */
export function entryError(error: unknown, entry: Entry, others = 0): unknown {
  if (!(error instanceof SyncError)) return error;
  const field = fieldOf(error, entry);
  const more = others === 0 ? "" : ` (and ${others} more ${others === 1 ? "entry" : "entries"})`;
  const key = error.message.includes(entry.remoteKey) ? "" : ` (key ${JSON.stringify(entry.remoteKey)})`;
  return rebuild(error, `${field}${key}: ${error.message}${more}`, {
    ...error.details,
    cause: error,
    field,
    remoteKey: entry.remoteKey,
    ...(entry.property === undefined ? {} : { property: entry.property }),
  });
}
