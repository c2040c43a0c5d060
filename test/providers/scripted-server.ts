/** A small HTTP or HTTPS server on loopback that answers as a test says. */
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";

export interface ScriptedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export interface ScriptedAnswer {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON unless it is a string. Default: nothing. */
  readonly body?: unknown;
}

export interface ScriptedServer {
  /** `http://127.0.0.1:PORT` or `https://localhost:PORT`. */
  readonly address: string;
  readonly requests: readonly ScriptedRequest[];
  /** Connections so far. */
  readonly connections: number;
  /** Idempotent. */
  stop(): Promise<void>;
}

/** `answer` may return undefined: the request then waits until `stop`. With `tls` it speaks HTTPS. */
export async function startScriptedServer(
  answer: (request: ScriptedRequest) => ScriptedAnswer | undefined,
  tls?: https.ServerOptions,
): Promise<ScriptedServer> {
  const requests: ScriptedRequest[] = [];
  const listener = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    let body = "";
    incoming.setEncoding("utf8");
    incoming.on("data", (chunk: string) => {
      body += chunk;
    });
    incoming.on("end", () => {
      const request = { method: incoming.method ?? "", url: incoming.url ?? "", headers: incoming.headers, body };
      requests.push(request);
      const answered = answer(request);
      if (answered === undefined) return;
      outgoing.writeHead(answered.status ?? 200, answered.headers);
      outgoing.end(typeof answered.body === "string" ? answered.body : JSON.stringify(answered.body));
    });
  };
  const server = tls === undefined ? http.createServer(listener) : https.createServer(tls, listener);
  let connections = 0;
  server.on("connection", () => connections++);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    address: tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`,
    requests,
    get connections() {
      return connections;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
