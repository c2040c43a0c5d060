/** What can go wrong with a backend, as classes that decide what the caller does next. */

/** Facts that an error may carry. None may hold a value, a response body or a query string. */
export interface SyncErrorDetails extends ErrorOptions {
  /** The key in the backend that was asked for. */
  readonly remoteKey?: string;
  /** The property inside the value that was asked for. */
  readonly property?: string;
  /** The field of the resource that must be changed, as a path: `spec.provider.vault.auth.tokenSecretRef`. */
  readonly field?: string;
  /** What the user should do, as an imperative phrase. */
  readonly remedy?: string;
  /** The backend's own id of the failed request, where it gives one. */
  readonly requestId?: string;
}

/** The action classes: each decides the condition, the event, the metric and the requeue in one place. */
export type ErrorReason = "SecretNotFound" | "PropertyNotFound" | "AccessDenied" | "InvalidConfiguration" | "Transient";

/** Base of all errors of a backend or of the engine; the message is fit for a condition, and never holds a value. */
export abstract class SyncError extends Error {
  abstract readonly reason: ErrorReason;
  readonly details: SyncErrorDetails;

  constructor(message: string, details: SyncErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.details = details;
  }

  /** Message, remedy and request id in one line, as conditions and events show them. */
  describe(): string {
    const remedy = this.details.remedy === undefined ? "" : `; ${this.details.remedy}`;
    const request = this.details.requestId === undefined ? "" : ` (request ${this.details.requestId})`;
    return `${this.message}${remedy}${request}`;
  }
}

/** The backend said that there is no such secret or version. Nothing else may be reported as this: it permits deletion. */
export class SecretNotFound extends SyncError {
  readonly reason = "SecretNotFound";
}

/** The secret is there, the property in it is not (or the value is no JSON). Never permits deletion. */
export class PropertyNotFound extends SyncError {
  readonly reason = "PropertyNotFound";
}

/** The backend answered 401 or 403, or the credentials are refused. */
export class AccessDenied extends SyncError {
  readonly reason = "AccessDenied";
}

/** The resource itself is wrong; trying again changes nothing until it, or something that it names, is edited. */
export class InvalidConfiguration extends SyncError {
  readonly reason = "InvalidConfiguration";
}

/** Throttled, 5xx, timed out or not reachable: trying again later may help. */
export class Transient extends SyncError {
  readonly reason = "Transient";
  /** What the backend asked for by Retry-After, in milliseconds; unset where it said nothing. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, details: SyncErrorDetails & { readonly retryAfterMs?: number } = {}) {
    super(message, details);
    this.retryAfterMs = details.retryAfterMs;
  }
}

/**
 * A reference without a namespace in a ClusterSecretStore, asked for while no ExternalSecret is there to give it one.
 * The store's validation is `Unknown` then (ESO's reason ValidationUnknown, with status True).
 */
export class ReferentNamespaceMissing extends InvalidConfiguration {}
