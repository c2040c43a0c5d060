/** What a call to the API server can fail with. Messages are fit for logs and conditions: they never hold a value of a Secret. */
import { KubeConfigError } from "./credentials.ts";

/** A call, as error messages name it. */
export interface CallDescription {
  /** RBAC's verb: get, list, watch, create, patch, delete. */
  readonly verb: string;
  /** `secrets`, `externalsecrets/status`, `serviceaccounts/token`. */
  readonly resource: string;
  /** `namespace/name`, a namespace (for lists), or unset for the whole cluster. */
  readonly name?: string;
  /** Whether the server's text may echo what was sent or stored, so that it must not be shown. */
  readonly sensitive: boolean;
}

/** The parts of a `Status` object (apimachinery meta/v1) that are used. */
export interface ServerStatus {
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
  readonly details?: {
    readonly retryAfterSeconds?: number;
    readonly causes?: readonly { readonly reason?: string; readonly message?: string; readonly field?: string }[];
  };
}

/** A field that another field manager has set. */
export interface FieldConflict {
  /** `data.password`, `metadata.labels.team`. Of items of a list, which a path names by what they hold, only the list. */
  readonly field: string;
  readonly manager: string;
}

const REASONS: Readonly<Record<number, string>> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  405: "MethodNotAllowed",
  406: "NotAcceptable",
  409: "Conflict",
  410: "Expired",
  413: "RequestEntityTooLarge",
  415: "UnsupportedMediaType",
  422: "Invalid",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
  504: "Timeout",
};

/** The API server refused a call, or (as `KubeConnectionError`) could not be asked. */
export class KubeApiError extends Error {
  /** HTTP status; 0 where no answer came. */
  readonly status: number;
  /** The server's machine-readable reason: `NotFound`, `Conflict`, `Forbidden`, `Expired`, … */
  readonly reason: string;
  /** What the server asked for by Retry-After, in milliseconds; unset where it said nothing. */
  readonly retryAfterMs: number | undefined;
  /** Paths of the fields that the server complained about. */
  readonly fields: readonly string[];
  /** Of a server-side apply without force: fields that other managers have set otherwise. */
  readonly conflicts: readonly FieldConflict[];

  constructor(
    message: string,
    facts: {
      readonly status: number;
      readonly reason: string;
      readonly retryAfterMs?: number | undefined;
      readonly fields?: readonly string[];
      readonly conflicts?: readonly FieldConflict[];
    },
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
    this.status = facts.status;
    this.reason = facts.reason;
    this.retryAfterMs = facts.retryAfterMs;
    this.fields = facts.fields ?? [];
    this.conflicts = facts.conflicts ?? [];
  }
}

/** No answer: refused, reset, timed out, gone silent, or an answer that is no Kubernetes answer. `code` says which. */
export class KubeConnectionError extends KubeApiError {
  /** Node's code (`ECONNREFUSED`, `ECONNRESET`, `CERT_HAS_EXPIRED`, …) or ours (`ETIMEDOUT`, `WATCH_SILENT`, `TORN_ANSWER`, `PING_TIMEOUT`, `CREDENTIALS`). */
  readonly code: string;

  constructor(call: CallDescription, code: string, options?: ErrorOptions) {
    const detail = options?.cause instanceof KubeConfigError ? `: ${options.cause.message}` : "";
    const message = `${describeCall(call)}: no answer from the API server (${code})${detail}`;
    super(message, { status: 0, reason: "Unreachable" }, options);
    this.code = code;
  }
}

/** `patch secrets "ns/name"`. */
export function describeCall(call: CallDescription): string {
  return call.name === undefined ? `${call.verb} ${call.resource}` : `${call.verb} ${call.resource} "${call.name}"`;
}

/**
 * The error of an answer. For sensitive calls the server's text is left out (the API server echoes values of Secrets, for
 * instance in "illegal base64 data"); only its reason, the paths of the fields, and the managers of a conflict remain.
 */
export function errorOfAnswer(
  call: CallDescription,
  httpStatus: number,
  body: ServerStatus | undefined,
  retryAfterMs?: number,
): KubeApiError {
  const reason = body?.reason || REASONS[httpStatus] || `HTTP${httpStatus}`;
  const causes = body?.details?.causes ?? [];
  const fields = causes.flatMap((cause) => (cause.field ? [cause.field] : []));
  const text = call.sensitive ? safeText(causes) : (body?.message ?? "");
  const seconds = body?.details?.retryAfterSeconds;
  return new KubeApiError(`${describeCall(call)}: ${reason} (${httpStatus})${text === "" ? "" : `: ${text}`}`, {
    status: httpStatus,
    reason,
    retryAfterMs: retryAfterMs ?? (seconds ? seconds * 1_000 : undefined),
    fields,
    conflicts: conflictsOf(causes),
  });
}

type Causes = NonNullable<NonNullable<ServerStatus["details"]>["causes"]>;

function conflictsOf(causes: Causes): readonly FieldConflict[] {
  return causes.flatMap(({ reason, field = "", message = "" }): readonly FieldConflict[] => {
    const [, manager] = /"([^"]+)"/.exec(message) ?? [];
    if (reason !== "FieldManagerConflict" || manager === undefined) return [];
    return [{ field: field.replace(/^\./, "").replace(/\[.*$/s, "[…]"), manager }];
  });
}

function safeText(causes: Causes) {
  return causes
    .map((cause) => {
      // The text of a field manager conflict names the other manager and never a value.
      const why = cause.reason === "FieldManagerConflict" ? cause.message : cause.reason;
      return [cause.field, why].filter(Boolean).join(" ");
    })
    .filter((text) => text !== "")
    .join(", ");
}

/** The object (or the resource type itself) is not there. */
export function isNotFound(error: unknown): boolean {
  return error instanceof KubeApiError && error.status === 404;
}

/** The object changed meanwhile, a field belongs to another manager, or a precondition failed. */
export function isConflict(error: unknown): boolean {
  return error instanceof KubeApiError && error.status === 409 && error.reason !== "AlreadyExists";
}

/** A create met an object of that name. */
export function isAlreadyExists(error: unknown): boolean {
  return error instanceof KubeApiError && error.status === 409 && error.reason === "AlreadyExists";
}

/** RBAC or an admission policy refused. */
export function isForbidden(error: unknown): boolean {
  return error instanceof KubeApiError && error.status === 403;
}

/** A resourceVersion or continue token is too old: list anew. */
export function isExpired(error: unknown): boolean {
  return (
    error instanceof KubeApiError && (error.status === 410 || error.reason === "Expired" || error.reason === "Gone")
  );
}

/** No answer came at all. */
export function isConnectionError(error: unknown): error is KubeConnectionError {
  return error instanceof KubeConnectionError;
}
