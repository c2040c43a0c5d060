/** Calls to Google's services: one pool per host, bounded retries, failures as our error classes. */
import { InvalidConfiguration, type SyncError, type SyncErrorDetails, Transient } from "../errors.ts";
import { createHttpClient, type HttpClient, type HttpClientOptions, type HttpResponse } from "../http-client.ts";
import { type ObserveCall, observed } from "../observed-call.ts";
import { type RetryPolicy, type RetrySurroundings, withRetries } from "../retry.ts";
import { type GoogleFailure, objectIn, readFailure } from "./google-failure.ts";

/** One call. */
export interface GoogleCall {
  /** As messages name it: `Google Secret Manager`. */
  readonly service: string;
  /** As metrics name it: `AccessSecretVersion`; unset: it is not counted. */
  readonly name?: string | undefined;
  readonly method: "GET" | "POST" | "PATCH" | "DELETE" | "PUT";
  /** Encoded, without a query. */
  readonly url: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The field that leads to this host, for messages. */
  readonly field: string;
  /** Whether it may be done twice. Default: true. */
  readonly isRepeatable?: boolean;
  /** Never over a proxy. */
  readonly isDirect?: boolean;
  /** `secret "x"`, `a token`: what was asked for. */
  readonly subject: string;
  readonly remoteKey?: string;
  /** What a failure means that is not a passing one. */
  readonly errorOf: (failure: GoogleFailure, details: SyncErrorDetails) => SyncError;
}

export interface GoogleHttp {
  /**
   * The answer, whose status is below 300.
   * @throws Transient for 408, 429 and 5xx, after a few repetitions; what `errorOf` makes of all else.
   */
  call(call: GoogleCall, signal: AbortSignal): Promise<HttpResponse>;
  /**
   * The JSON object of the answer.
   * @throws Transient also where the answer is none.
   */
  callJson(call: GoogleCall, signal: AbortSignal): Promise<Readonly<Record<string, unknown>>>;
  /** Ends all connections. Idempotent. */
  close(): void;
}

export interface GoogleHttpOptions extends RetrySurroundings {
  readonly timeoutMs: number;
  readonly retry: RetryPolicy;
  readonly observeCall?: ObserveCall;
  readonly environment: HttpClientOptions["environment"];
}

/** Opens nothing yet. */
export function createGoogleHttp(options: GoogleHttpOptions): GoogleHttp {
  const clients = new Map<string, HttpClient>();
  const clientFor = (call: GoogleCall, origin: string): HttpClient => {
    const key = `${call.isDirect ?? false} ${origin}`;
    const client = clients.get(key) ?? createClient(options, call, origin);
    clients.set(key, client);
    return client;
  };
  const send = async (call: GoogleCall, signal: AbortSignal): Promise<HttpResponse> => {
    const { origin, pathname } = addressOf(call);
    const { method, query, headers, body } = call;
    const request = {
      method,
      path: pathname.slice(1),
      ...(query === undefined ? {} : { query }),
      ...(headers === undefined ? {} : { headers }),
      ...(body === undefined ? {} : { body }),
    };
    const response = await clientFor(call, origin).request(request, signal);
    if (response.status < 300) return response;
    throw failed(call, readFailure(response, options.clock.now()));
  };
  const call = (asked: GoogleCall, signal: AbortSignal) => {
    const { name } = asked;
    const provider = "GCP/SecretManager";
    const once = () =>
      name === undefined
        ? send(asked, signal)
        : observed(options.observeCall, { provider, call: name }, () => send(asked, signal));
    return (asked.isRepeatable ?? true) ? withRetries(once, options.retry, options, signal) : once();
  };
  return {
    call,
    async callJson(asked, signal) {
      const object = objectIn((await call(asked, signal)).body);
      if (object === undefined) throw notGoogles(asked);
      return object;
    },
    close() {
      for (const client of clients.values()) client.close();
      clients.clear();
    },
  };
}

function createClient(options: GoogleHttpOptions, call: GoogleCall, origin: string): HttpClient {
  return createHttpClient({
    backend: call.service,
    baseUrl: origin,
    serverField: call.field,
    timeoutMs: options.timeoutMs,
    clock: options.clock,
    untrustedRemedy: "add the certificate of its authority to those of the controller (NODE_EXTRA_CA_CERTS)",
    ...(call.isDirect || options.environment === undefined ? {} : { environment: options.environment }),
  });
}

function addressOf({ url, field, service }: GoogleCall): URL {
  const address = URL.parse(url);
  if (address?.protocol === "https:" || address?.protocol === "http:") return address;
  throw new InvalidConfiguration(`the address of ${service} is no http or https URL`, {
    field,
    remedy: "correct the address",
  });
}

function failed(call: GoogleCall, failure: GoogleFailure): SyncError {
  const details = detailsOf(call, failure);
  const { status, retryAfterMs } = failure;
  if (status === 408 || status === 429 || status >= 500) {
    const meaning = status === 429 ? "too many requests (HTTP 429)" : `HTTP ${status}`;
    return new Transient(`${call.service} cannot serve ${call.subject} now: ${meaning}`, {
      ...details,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }
  return call.errorOf(failure, details);
}

function detailsOf({ remoteKey }: GoogleCall, { requestId }: GoogleFailure): SyncErrorDetails {
  return {
    ...(remoteKey === undefined ? {} : { remoteKey }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

/** For an answer that no service of Google's gives. */
export function notGoogles({ service, subject, remoteKey }: GoogleCall): Transient {
  return new Transient(`the answer for ${subject} is not that of ${service}`, {
    ...(remoteKey === undefined ? {} : { remoteKey }),
    remedy: "check that no proxy answers in its place",
  });
}
