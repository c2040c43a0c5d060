/** HTTP/1.1 with kept-alive connections: for `kubectl proxy` and for proxies that do not speak HTTP/2. */
import * as http from "node:http";
import * as https from "node:https";
import type { Clock } from "../../api/clock.ts";
import { hostOf, portOf, tlsOptions } from "./connect-tls.ts";
import { type ClientCertificate, type Credentials, codeOf } from "./credentials.ts";
import type { KubeConfig } from "./kube-config.ts";
import { type Transport, TransportError, type TransportRequest, type TransportResponse } from "./transport.ts";

/** Watches hold a connection each, so this must be well above their number. */
const MAX_CONNECTIONS = 128;
/** Idle connections are closed before common proxies do it under our hands. */
const AGENT_OPTIONS = { keepAlive: true, keepAliveMsecs: 15_000, maxSockets: MAX_CONNECTIONS, timeout: 0 };
/** An agent holds its TLS material for good: it is made anew after this long, so that rotated authorities are seen. */
const AGENT_MAX_AGE_MS = 10 * 60_000;

interface AgentInUse {
  readonly agent: http.Agent;
  readonly certificate: ClientCertificate | undefined;
  readonly madeAt: number;
}

/** Plain or TLS by the scheme of the server's address. */
export function createHttp1Transport(config: KubeConfig, clock: Clock): Transport {
  const agents = new Agents(config, clock);
  const protocol = config.server.protocol === "https:" ? https : http;
  return {
    async send(request, credentials, signal) {
      const agent = await agents.get(credentials);
      signal.throwIfAborted();
      return sendOverHttp1(protocol, config.server, agent, request, signal);
    },
    close: () => agents.close(),
  };
}

class Agents {
  readonly #config: KubeConfig;
  readonly #clock: Clock;
  #current: AgentInUse | undefined;
  /** Those with running requests, the present one among them. */
  #all: http.Agent[] = [];
  #closed = false;

  constructor(config: KubeConfig, clock: Clock) {
    this.#config = config;
    this.#clock = clock;
  }

  /** @throws TransportError after `close`. */
  async get(credentials: Credentials): Promise<http.Agent> {
    if (this.#closed) throw new TransportError("CLIENT_CLOSED");
    const { certificate } = credentials;
    const now = this.#clock.now();
    const current = this.#current;
    if (current !== undefined && current.certificate === certificate && now - current.madeAt < AGENT_MAX_AGE_MS) {
      return current.agent;
    }
    const agent =
      this.#config.server.protocol === "https:"
        ? new https.Agent({ ...AGENT_OPTIONS, ...(await tlsOptions(this.#config, credentials)) })
        : new http.Agent(AGENT_OPTIONS);
    if (this.#current !== undefined) retire(this.#current.agent);
    this.#all = [...this.#all.filter((each) => Object.keys(each.sockets).length > 0), agent];
    this.#current = { agent, certificate, madeAt: now };
    return agent;
  }

  close(): void {
    this.#closed = true;
    for (const agent of this.#all) agent.destroy();
  }
}

/** Idle connections end now, those in use when they are done. */
function retire(agent: http.Agent): void {
  for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
  agent.maxFreeSockets = 0;
}

function sendOverHttp1(
  protocol: typeof http | typeof https,
  server: URL,
  agent: http.Agent,
  request: TransportRequest,
  signal: AbortSignal,
): Promise<TransportResponse> {
  return new Promise((resolve, reject) => {
    const outgoing = protocol.request({
      agent,
      host: hostOf(server),
      port: portOf(server),
      method: request.method,
      path: request.path,
      headers: headersOf(request),
    });
    let incoming: http.IncomingMessage | undefined;
    const onAbort = () => (incoming ?? outgoing).destroy(asError(signal.reason));
    const detach = () => signal.removeEventListener("abort", onAbort);
    signal.addEventListener("abort", onAbort, { once: true });
    outgoing.once("response", (response) => {
      incoming = response;
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: response });
    });
    outgoing.on("error", (error) => {
      if (signal.aborted) return reject(signal.reason);
      reject(new TransportError(codeOf(error), { reused: outgoing.reusedSocket }, { cause: error }));
    });
    outgoing.once("close", () => {
      detach();
      // The socket was closed in order, before an answer.
      if (incoming === undefined) reject(new TransportError("ECONNRESET", { reused: outgoing.reusedSocket }));
    });
    outgoing.end(request.body);
  });
}

function headersOf(request: TransportRequest): http.OutgoingHttpHeaders {
  const headers: http.OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(request.headers)) {
    headers[name] = typeof value === "string" ? value : [...value];
  }
  if (request.body !== undefined) headers["content-length"] = Buffer.byteLength(request.body);
  return headers;
}

/** What streams are destroyed with must be an Error. */
export function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error("aborted", { cause: reason });
}
