/** What an answer of Google's that is no success says, as far as it may be shown: codes, never texts. */
import type { HttpResponse } from "../http-client.ts";
import { parseRetryAfter } from "../retry.ts";

/** The facts of a failed call. */
export interface GoogleFailure {
  readonly status: number;
  /** `NOT_FOUND`, `PERMISSION_DENIED`: of Google's APIs. Unset where the answer is not one of theirs. */
  readonly code: string | undefined;
  /** `IAM_PERMISSION_DENIED`, `SERVICE_DISABLED`: why, where they say it. */
  readonly reason: string | undefined;
  /** `invalid_grant`: of the token endpoints. */
  readonly oauthError: string | undefined;
  /** Whether the answer's text names something below a secret, which proves that the project has been found. */
  readonly namesSecret: boolean;
  readonly retryAfterMs: number | undefined;
  readonly requestId: string | undefined;
}

/** Reads an answer; what is no JSON gives the status alone. */
export function readFailure(response: HttpResponse, nowMs: number): GoogleFailure {
  const body = objectIn(response.body);
  const error = objectOf(body?.error);
  const details = Array.isArray(error?.details) ? error.details.map(objectOf) : [];
  const detail = (type: string) =>
    details.find((entry) => entry?.["@type"] === `type.googleapis.com/google.rpc.${type}`);
  const retryAfter = response.headers["retry-after"] ?? secondsOf(detail("RetryInfo")?.retryDelay);
  return {
    status: response.status,
    code: wordOf(error?.status),
    reason: wordOf(detail("ErrorInfo")?.reason),
    oauthError: wordOf(body?.error),
    namesSecret: typeof error?.message === "string" && error.message.includes("/secrets/"),
    retryAfterMs: parseRetryAfter(retryAfter, nowMs),
    requestId: wordOf(detail("RequestInfo")?.requestId),
  };
}

/** The JSON object that the bytes are, or undefined. */
export function objectIn(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    return objectOf(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    // No JSON: not Google's own answer. The text is not kept, it may be anything.
    return undefined;
  }
}

/** The value as an object, or undefined where it is none. */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return value as Readonly<Record<string, unknown>>;
}

/** A code word; anything longer or looser might be a text that holds values. */
function wordOf(value: unknown): string | undefined {
  return typeof value === "string" && /^[\w.-]{1,64}$/.test(value) ? value : undefined;
}

/** A duration as protobuf's JSON has it: `1.5s`. */
function secondsOf(value: unknown): string | undefined {
  return typeof value === "string" ? /^(\d+(?:\.\d+)?)s$/.exec(value)?.[1] : undefined;
}
