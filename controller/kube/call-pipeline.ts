/** One call to the API server: rate limit, credentials, timeout, and the repetitions that are safe. */
import type { Clock } from "../../api/clock.ts";
import { type CredentialSource, type Credentials, codeOf, KubeConfigError } from "./credentials.ts";
import {
  type CallDescription,
  errorOfAnswer,
  type KubeApiError,
  KubeConnectionError,
  type ServerStatus,
} from "./kube-api-error.ts";
import { isMapping } from "./kubeconfig-files.ts";
import type { RateLimiter } from "./rate-limiter.ts";
import { parseRetryAfterMs } from "./retry-after.ts";
import { limitTime, type TimeLimit } from "./time-limit.ts";
import { type Transport, TransportError, type TransportRequest, type TransportResponse } from "./transport.ts";

/** Answers of 429 or 503 with Retry-After are waited for this often, … */
const MAX_ATTEMPTS = 3;
/** … and this long in all; beyond, the caller's own requeue is the better place to wait. */
const MAX_WAIT_MS = 10_000;
/** Error answers are small; more is not read. */
const MAX_ERROR_BYTES = 1024 * 1024;

export interface Call extends CallDescription {
  readonly request: TransportRequest;
  /** Doing it twice is the same as doing it once. */
  readonly idempotent: boolean;
}

export interface CallPipeline {
  /**
   * Sends the call and reads the whole answer.
   * @throws KubeApiError, KubeConnectionError, the signal's reason.
   */
  unary(call: Call, signal: AbortSignal): Promise<unknown>;
  /**
   * Sends the call and returns the open answer; its head must come within the timeout, its body lives as long as `signal`.
   * @throws as `unary`.
   */
  open(call: Call, signal: AbortSignal): Promise<TransportResponse>;
}

export interface PipelineParts {
  readonly transport: Transport;
  readonly credentials: CredentialSource;
  readonly limiter: RateLimiter;
  readonly clock: Clock;
  /** Limit of one attempt, in milliseconds. */
  readonly requestTimeoutMs: number;
  readonly userAgent: string;
}

/** Takes the answer; lifts the time limit where the body is to outlive it. */
type Reader<T> = (response: TransportResponse, limit: TimeLimit) => Promise<T>;

/** Connects the parts. */
export function createCallPipeline(parts: PipelineParts): CallPipeline {
  return {
    unary: (call, signal) =>
      repeated(parts, call, signal, async (response, limit) => {
        const answer = await readJson(call, response.body);
        limit.end();
        return answer;
      }),
    open: (call, signal) =>
      repeated(parts, call, signal, async (response, limit) => {
        limit.lift();
        response.body.once("close", limit.end);
        return response;
      }),
  };
}

async function repeated<T>(parts: PipelineParts, call: Call, signal: AbortSignal, read: Reader<T>): Promise<T> {
  let waitedMs = 0;
  let renewedCredentials = false;
  let reconnected = false;
  for (let attempt = 1; ; attempt++) {
    await parts.limiter.take(signal);
    const outcome = await attemptOnce(parts, call, signal, read);
    if ("value" in outcome) return outcome.value;
    const { error } = outcome;
    if (error.status === 401 && !renewedCredentials) {
      renewedCredentials = true;
    } else if (outcome.mayReconnect && !reconnected) {
      reconnected = true;
    } else {
      const delayMs = waitFor(call, error);
      if (delayMs === undefined || attempt >= MAX_ATTEMPTS || waitedMs + delayMs > MAX_WAIT_MS) throw error;
      waitedMs += delayMs;
      await parts.clock.sleep(delayMs, signal);
    }
  }
}

/** How long to wait before the call may be repeated, or `undefined` where it must not be. */
function waitFor(call: Call, error: KubeApiError): number | undefined {
  // A 429 was refused before anything was done, whatever the call; a 503 may come from a proxy that lost the answer.
  const safe = error.status === 429 || (error.status === 503 && call.idempotent);
  return safe ? error.retryAfterMs : undefined;
}

interface Failure {
  readonly error: KubeApiError;
  readonly mayReconnect: boolean;
}
type Outcome<T> = { readonly value: T } | Failure;

async function attemptOnce<T>(
  parts: PipelineParts,
  call: Call,
  signal: AbortSignal,
  read: Reader<T>,
): Promise<Outcome<T>> {
  const limit = limitTime(parts.clock, parts.requestTimeoutMs, signal, () => new TransportError("ETIMEDOUT"));
  try {
    const credentials = await parts.credentials.get(limit.signal);
    const request = completeRequest(parts, call.request, credentials);
    const response = await parts.transport.send(request, credentials, limit.signal);
    if (response.status >= 200 && response.status <= 299) return { value: await read(response, limit) };
    if (response.status === 401) parts.credentials.invalidate(credentials);
    const error = await readError(parts, call, response);
    limit.end();
    return { error, mayReconnect: false };
  } catch (error) {
    limit.end();
    signal.throwIfAborted();
    return connectionOutcome(call, error);
  }
}

function connectionOutcome(call: Call, error: unknown): Failure {
  if (error instanceof KubeConnectionError) return { error, mayReconnect: false };
  const isConfig = error instanceof KubeConfigError;
  if (!isConfig && !(error instanceof Error && "code" in error)) throw error;
  const mayReconnect =
    error instanceof TransportError &&
    error.code !== "ETIMEDOUT" &&
    (error.unprocessed || (call.idempotent && error.reused));
  const code = isConfig ? "CREDENTIALS" : codeOf(error);
  return { error: new KubeConnectionError(call, code, { cause: error }), mayReconnect };
}

function completeRequest(parts: PipelineParts, request: TransportRequest, credentials: Credentials): TransportRequest {
  return { ...request, headers: { "user-agent": parts.userAgent, ...request.headers, ...credentials.headers } };
}

async function readJson(call: Call, body: AsyncIterable<Uint8Array>): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  try {
    // Decoded as a whole: chunks may end inside a character.
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    // The parser's message quotes the text, which may be a Secret.
    throw new KubeConnectionError(call, "TORN_ANSWER");
  }
}

async function readError(parts: PipelineParts, call: Call, response: TransportResponse): Promise<KubeApiError> {
  const header = response.headers["retry-after"];
  const retryAfterMs = parseRetryAfterMs(typeof header === "string" ? header : undefined, parts.clock.now());
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response.body) {
      bytes += chunk.length;
      if (bytes > MAX_ERROR_BYTES) break;
      chunks.push(chunk);
    }
  } catch {
    // The status alone says enough; a connection that broke afterwards adds nothing.
  }
  return errorOfAnswer(call, response.status, parseStatus(Buffer.concat(chunks).toString("utf8")), retryAfterMs);
}

/** `undefined` where the answer is not the API server's (a proxy's page): it is never shown. */
function parseStatus(text: string): ServerStatus | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isMapping(parsed) && parsed.kind === "Status" ? parsed : undefined;
  } catch {
    return undefined;
  }
}
