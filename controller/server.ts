/** The HTTP endpoints of the controller: metrics, and whether it lives and is ready. */
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { parseListenAddress } from "./listen-address.ts";
import type { TlsPair } from "./metrics-access/tls-files.ts";

/** What a path answers. */
export interface Answer {
  readonly status: number;
  readonly contentType?: string;
  readonly body: string;
}

/** By path, without a query; each is told the header `Authorization`. */
export type Routes = Readonly<Record<string, (authorization: string | undefined) => Answer | Promise<Answer>>>;

type Server = ReturnType<typeof createServer | typeof createTlsServer>;

export interface RunningServer {
  /** The port that was asked for, or chosen. */
  readonly port: number;
  /** Serves new connections with another certificate; nothing where it serves without TLS. @throws Error where it is none */
  renew(tls: TlsPair): void;
  /** Ends all connections. */
  close(): Promise<void>;
}

/** Limit of a request, so that a slow client holds nothing. */
const REQUEST_TIMEOUT_MS = 10_000;

const TLS_VERSION = "TLSv1.2";

/**
 * Serves the routes, by TLS 1.2 or later where there is a certificate; anything else is 404, another method than GET or HEAD 405.
 * @throws Error naming the address where it is no address or is taken.
 */
export async function startServer(address: string, routes: Routes, tls?: TlsPair): Promise<RunningServer> {
  const parsed = parseListenAddress(address);
  if (parsed === undefined) throw new Error(`"${address}" is no address to listen on; write one such as :8080`);
  const options = { requestTimeout: REQUEST_TIMEOUT_MS };
  const secure = tls && createTlsServer({ ...options, ...tls, minVersion: TLS_VERSION }, listener(routes));
  const server: Server = secure ?? createServer(options, listener(routes));
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(new Error(`cannot listen on ${address}: ${error.code ?? error.message}`, { cause: error })),
    );
    server.listen(
      parsed.host === undefined ? { port: parsed.port } : { host: parsed.host, port: parsed.port },
      resolve,
    );
  });
  return {
    port: portOf(server, parsed.port),
    renew: (next) => secure?.setSecureContext({ ...next, minVersion: TLS_VERSION }),
    close: () => closed(server),
  };
}

function listener(routes: Routes): RequestListener {
  return (request, response) => {
    const send = ({ status, contentType = "text/plain; charset=utf-8", body }: Answer) => {
      response.writeHead(status, { "content-type": contentType });
      response.end(request.method === "HEAD" ? undefined : body);
    };
    if (request.method !== "GET" && request.method !== "HEAD")
      return send({ status: 405, body: "method not allowed\n" });
    const path = (request.url ?? "").split("?")[0] ?? "";
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (route === undefined) return send({ status: 404, body: "not found\n" });
    Promise.resolve()
      .then(() => route(request.headers.authorization))
      .then(send, () => send({ status: 500, body: "internal error\n" }));
  };
}

function portOf(server: Server, asked: number): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : asked;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
