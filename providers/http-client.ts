/** A small HTTP client for backends that speak REST: one keep-alive pool, one limit per call, errors as our classes. */
import http from "node:http";
import https from "node:https";
import { createSecureContext } from "node:tls";
import type { Clock } from "../api/clock.ts";
import { InvalidConfiguration, type SyncError } from "./errors.ts";
import { failedConnection, timedOut } from "./network-errors.ts";
import { proxyFor } from "./proxy.ts";
import { createPlainAgent, createTlsAgent } from "./proxy-agents.ts";

export interface HttpClientOptions {
  /** As messages name it: "Vault". */
  readonly backend: string;
  /** Scheme, host, port and, where there is one, the path that all requests begin with. */
  readonly baseUrl: string;
  /** The field that holds `baseUrl`, for messages. */
  readonly serverField: string;
  /** Limit of one request from its start to the last byte of the answer, in milliseconds. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** PEM of the certificates that the server is checked with. Default: those of Node. */
  readonly ca?: string;
  /** What to do about a certificate that is not trusted, where the store has no `caBundle`. */
  readonly untrustedRemedy?: string;
  /** Client certificate and its key, as PEM. */
  readonly clientCertificate?: { readonly cert: string; readonly key: string };
  /** The name that the server's certificate has to be for. Default: the host of `baseUrl`. */
  readonly serverName?: string;
  /** Read for HTTP_PROXY, HTTPS_PROXY and NO_PROXY (in either case). Default: none, so that the connection is direct. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Largest answer, in bytes. Default: 16 MiB. */
  readonly maxResponseBytes?: number;
  /** Connections at once; further requests wait. Default: 16. */
  readonly maxConnections?: number;
}

export interface HttpRequest {
  readonly method: string;
  /** Below the base URL, already encoded, without a query. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** The query as it is to be sent, in place of `query`. */
  readonly search?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Uint8Array;
}

export interface HttpClient {
  /**
   * One request; any answer resolves, whatever its status. Redirects are followed on the same host only.
   * @throws Transient where no answer came in time; InvalidConfiguration for certificates, a redirect to another host and
   * an answer that is too large; the signal's reason when it aborts.
   */
  request(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse>;
  /** Ends all connections. Idempotent. */
  close(): void;
}

const MAX_REDIRECTS = 3;
const DEFAULT_MAX_RESPONSE_BYTES = 16 * 1024 * 1024;

/**
 * Opens nothing yet.
 * @throws InvalidConfiguration where `baseUrl` is no http or https URL, or certificate and key are no PEM that fits.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const base = parseBaseUrl(options);
  const agent = createAgent(base, options);
  const send = (url: URL, request: HttpRequest, signal: AbortSignal) => exchange(url, request, agent, options, signal);
  return {
    async request(request, signal) {
      let url = urlOf(base, request);
      for (let redirects = 0; ; redirects++) {
        const response = await send(url, request, signal);
        const next = redirectTarget(response, url, request);
        if (next === undefined) return response;
        if (next.host !== url.host || next.protocol !== url.protocol) throw redirectedAway(options, next);
        if (redirects === MAX_REDIRECTS) return response;
        url = next;
      }
    },
    close: () => agent.destroy(),
  };
}

function parseBaseUrl({ baseUrl, serverField }: HttpClientOptions): URL {
  const url = URL.parse(baseUrl);
  if (url !== null && (url.protocol === "http:" || url.protocol === "https:")) return url;
  throw new InvalidConfiguration(`${serverField} is not an http or https URL`, {
    field: serverField,
    remedy: "write it as https://host:port",
  });
}

function createAgent(base: URL, options: HttpClientOptions): http.Agent {
  const common = {
    keepAlive: true,
    maxSockets: options.maxConnections ?? 16,
  };
  const proxy = proxyFor(base, options.environment ?? {});
  if (base.protocol === "http:") return createPlainAgent(proxy, common);
  const certificates = {
    ...(options.ca === undefined ? {} : { ca: options.ca }),
    ...(options.clientCertificate ?? {}),
  };
  assertUsable(certificates, options);
  const name = options.serverName === undefined ? {} : { servername: options.serverName };
  return createTlsAgent(proxy, options.timeoutMs, { ...common, ...certificates, ...name });
}

/** Node would find out at the first request only, and its message may quote the key. */
function assertUsable(certificates: { ca?: string; cert?: string; key?: string }, options: HttpClientOptions): void {
  try {
    createSecureContext(certificates);
  } catch {
    const field = options.serverField.replace(/\.[^.]*$/, "");
    throw new InvalidConfiguration(`the client certificate or the CA bundle for ${options.backend} is not usable`, {
      field,
      remedy: "give certificate and key as PEM, the key without a passphrase and of that very certificate",
    });
  }
}

function urlOf(base: URL, request: HttpRequest): URL {
  const url = new URL(base);
  url.pathname = `${base.pathname.replace(/\/+$/, "")}/${request.path}`;
  url.search = request.search ?? new URLSearchParams(request.query).toString();
  return url;
}

function redirectTarget(response: HttpResponse, url: URL, request: HttpRequest): URL | undefined {
  const isRedirect =
    [307, 308].includes(response.status) || (request.method === "GET" && [301, 302].includes(response.status));
  const { location } = response.headers;
  return isRedirect && location !== undefined ? (URL.parse(location, url.href) ?? undefined) : undefined;
}

function redirectedAway({ backend, serverField }: HttpClientOptions, target: URL): SyncError {
  return new InvalidConfiguration(`${backend} redirects to another host, ${target.origin}`, {
    field: serverField,
    remedy: `set ${serverField} to the address that answers itself`,
  });
}

function exchange(
  url: URL,
  request: HttpRequest,
  agent: http.Agent,
  options: HttpClientOptions,
  signal: AbortSignal,
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const outgoing = begin(url, request, agent, options);
    const cancelTimeout = options.clock.after(options.timeoutMs, () => fail(timedOut(options)));
    const onAbort = () => fail(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    const settle = () => {
      cancelTimeout();
      signal.removeEventListener("abort", onAbort);
    };
    const fail = (reason: unknown) => {
      settle();
      reject(reason);
      outgoing.destroy();
    };
    outgoing.on("error", (error) => fail(failedConnection(error, options)));
    outgoing.on("response", (incoming) => {
      readBody(incoming, options).then((body) => {
        settle();
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body });
      }, fail);
    });
    outgoing.end(request.body);
  });
}

/** @throws InvalidConfiguration where a header (a token, say) has a character that HTTP does not allow. */
function begin(url: URL, request: HttpRequest, agent: http.Agent, { backend }: HttpClientOptions): http.ClientRequest {
  try {
    const { request: open } = url.protocol === "https:" ? https : http;
    return open(url, { agent, method: request.method, headers: headersOf(request) });
  } catch {
    // Node's message names the header, and nothing says that it will never quote it.
    throw new InvalidConfiguration(`a header for ${backend} has a character that HTTP does not allow`, {
      remedy: "check the token and the configured headers for line feeds and letters beyond ASCII",
    });
  }
}

function headersOf({ headers, body }: HttpRequest): Record<string, string | number> {
  return body === undefined ? { ...headers } : { "content-length": Buffer.byteLength(body), ...headers };
}

async function readBody(incoming: http.IncomingMessage, options: HttpClientOptions): Promise<Uint8Array> {
  const limit = options.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES;
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) break;
      chunks.push(chunk);
    }
  } catch (error) {
    throw failedConnection(error, options);
  }
  if (size <= limit) return Buffer.concat(chunks);
  throw new InvalidConfiguration(`${options.backend} answered with more than ${limit} bytes`, {
    field: options.serverField,
    remedy: "check that it is the address of the backend, or store less in one secret",
  });
}
