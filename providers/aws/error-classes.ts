/** Which class of error an answer of AWS is, by its code or HTTP status and never by its text. */

/** The classes, before a subject and a remedy are known. */
export type AwsErrorClass = "NotFound" | "AccessDenied" | "Transient" | "Invalid";

/** The facts of a failed call that may be shown. */
export interface AwsErrorFacts {
  readonly class: AwsErrorClass;
  /** AWS's or Node's code, without a trailing `Exception`. */
  readonly code: string;
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;
  /** The attempt ran into its time limit: another one would too. */
  readonly timedOut: boolean;
  /** The client has corrected its clock by the answer: another attempt will do. */
  readonly clockCorrected: boolean;
}

/** Secrets Manager's, and the two of Parameter Store. */
const NOT_FOUND: ReadonlySet<string> = new Set(["ResourceNotFound", "ParameterNotFound", "ParameterVersionNotFound"]);

const ACCESS_DENIED: ReadonlySet<string> = new Set([
  "AccessDenied",
  "CredentialsProviderError",
  "DecryptionFailure",
  "EncryptionFailure",
  "ExpiredToken",
  "IDPRejectedClaim",
  "IncompleteSignature",
  "InvalidClientTokenId",
  "InvalidIdentityToken",
  "InvalidSignature",
  "MissingAuthenticationToken",
  "NotAuthorized",
  "OptInRequired",
  "SignatureDoesNotMatch",
  "UnrecognizedClient",
]);

const TRANSIENT: ReadonlySet<string> = new Set([
  "IDPCommunicationError",
  "InternalFailure",
  "InternalServerError",
  "InternalServiceError",
  "ParameterAlreadyExists",
  "PriorRequestNotComplete",
  "ProvisionedThroughputExceeded",
  "RequestInProgress",
  "RequestLimitExceeded",
  "RequestThrottled",
  "RequestTimeout",
  "RequestTimeTooSkewed",
  "ServiceUnavailable",
  "SlowDown",
  "Throttled",
  "Throttling",
  "TooManyRequests",
  "TooManyUpdates",
]);

/** Classifies whatever the client library threw. What is no answer of AWS (network, parsing) is `Transient`. */
export function classifyAwsError(error: unknown): AwsErrorFacts {
  const fields = fieldsOf(error);
  const metadata = fieldsOf(fields.$metadata);
  const response = fieldsOf(fields.$response);
  const name = typeof fields.name === "string" ? fields.name : "Error";
  const code = typeof fields.code === "string" && /^[A-Z][A-Z0-9_]+$/.test(fields.code) ? fields.code : shorten(name);
  const status = [metadata.httpStatusCode, response.statusCode].find((value) => typeof value === "number");
  return {
    class: classOf(code, status),
    code,
    requestId: typeof metadata.requestId === "string" ? metadata.requestId : undefined,
    retryAfterMs: retryAfterMsOf(fieldsOf(response.headers)["retry-after"]),
    timedOut: name === "TimeoutError" || code === "AbortError",
    clockCorrected: metadata.clockSkewCorrected === true,
  };
}

function classOf(code: string, status: number | undefined): AwsErrorClass {
  if (NOT_FOUND.has(code)) return "NotFound";
  if (ACCESS_DENIED.has(code)) return "AccessDenied";
  if (TRANSIENT.has(code)) return "Transient";
  if (status === undefined || status === 429 || status >= 500 || status < 400) return "Transient";
  return status === 401 || status === 403 ? "AccessDenied" : "Invalid";
}

/** Whether AWS refused the credentials as such, and not what was asked for with them. */
export function refusesCredentials(error: unknown): boolean {
  return ["ExpiredToken", "InvalidClientTokenId", "UnrecognizedClient"].includes(classifyAwsError(error).code);
}

const NO_SUCH_OPERATION: ReadonlySet<string> = new Set([
  "InvalidAction",
  "NotImplemented",
  "UnknownOperation",
  "UnsupportedOperation",
]);
const NOT_IMPLEMENTED_STATUS = 501;

/** Whether AWS (or what stands in for it) refused the operation as such, whatever it is asked for: denied, or not known. */
export function refusesOperation(error: unknown): boolean {
  const { code } = classifyAwsError(error);
  if (code === "AccessDenied" || NO_SUCH_OPERATION.has(code)) return true;
  return fieldsOf(fieldsOf(error).$metadata).httpStatusCode === NOT_IMPLEMENTED_STATUS;
}

/** `AccessDeniedException` and `AccessDenied` are one: the services do not agree on the ending. */
function shorten(name: string): string {
  return name.replace(/Exception$/, "");
}

/** Seconds only: AWS sends no dates here. */
function retryAfterMsOf(header: unknown): number | undefined {
  const seconds = typeof header === "string" && header.trim() !== "" ? Number(header) : Number.NaN;
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
