/** A Kubernetes API server with nothing in it, on loopback: lists are empty, watches stay open. To measure a controller at rest. */
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import { issueServerCertificate } from "../../test/ground/pki.ts";

/** The server, listening. */
export interface IdleApiServer {
  /** `https://127.0.0.1:PORT`; speaks HTTP/2 and HTTP/1.1, as the real one does. */
  readonly url: string;
  /** What clients must trust. */
  readonly caPem: string;
  /** When the last request came, in milliseconds since the epoch; 0 before the first one. */
  lastRequestMs(): number;
  /** How many watches are open now. */
  openWatches(): number;
  /** Ends all connections. */
  stop(): Promise<void>;
}

/** Starts the server on a free port of 127.0.0.1. */
export async function startIdleApiServer(): Promise<IdleApiServer> {
  let lastRequestMs = 0;
  let watches = 0;
  const sockets = new Set<Socket>();
  const { certificatePem, privateKeyPem, caPem } = await issueServerCertificate(["127.0.0.1"]);
  const server = createSecureServer({ cert: certificatePem, key: privateKeyPem, allowHTTP1: true });
  server.on("secureConnection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => {});
  });
  server.on("request", (request, response) => {
    lastRequestMs = Date.now();
    const url = new URL(request.url, "https://127.0.0.1");
    if (request.method === "GET" && ["1", "true"].includes(url.searchParams.get("watch") ?? "")) {
      watches += 1;
      response.once("close", () => {
        watches -= 1;
      });
      holdWatch(url, response);
    } else {
      answer(request, url, response).catch(() => send(response, 400, statusOf(400, "BadRequest", url)));
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    caPem,
    lastRequestMs: () => lastRequestMs,
    openWatches: () => watches,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** A watch that never has an event, but for the bookmark that ends a streamed list. */
function holdWatch(url: URL, response: Http2ServerResponse & { flushHeaders?(): void }): void {
  response.writeHead(200, { "content-type": "application/json" });
  // Node has it for both versions of HTTP, and its types for one.
  response.flushHeaders?.();
  if (url.searchParams.get("sendInitialEvents") !== "true") return;
  const annotations = { "k8s.io/initial-events-end": "true" };
  const object = { ...identityOf(url), metadata: { resourceVersion: "1", annotations } };
  response.write(`${JSON.stringify({ type: "BOOKMARK", object })}\n`);
}

/** Lists are empty, objects are absent, and what is written comes back as it is. */
async function answer(request: Http2ServerRequest, url: URL, response: Http2ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  if (request.method === "POST" || request.method === "PUT") {
    send(response, request.method === "POST" ? 201 : 200, JSON.parse(Buffer.concat(chunks).toString()));
  } else if (url.pathname === "/version") {
    send(response, 200, { major: "1", minor: "37", gitVersion: "v1.37.0" });
  } else if (request.method === "GET" && isCollection(url)) {
    send(response, 200, { ...identityOf(url), metadata: { resourceVersion: "1" }, items: [] });
  } else {
    send(response, 404, statusOf(404, "NotFound", url));
  }
}

function send(response: Http2ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

/** Paths below `/api/v1` or `/apis/GROUP/VERSION`, without a namespace: `RESOURCE`, and not `RESOURCE/NAME`. */
function isCollection(url: URL): boolean {
  const path = url.pathname.replace(/^\/(api\/[^/]+|apis\/[^/]+\/[^/]+)\//, "").replace(/^namespaces\/[^/]+\//, "");
  return !path.includes("/");
}

function identityOf(url: URL): { readonly apiVersion: string; readonly kind: string } {
  const [, api, group = "", version = ""] = url.pathname.split("/");
  return { apiVersion: api === "api" ? group : `${group}/${version}`, kind: "List" };
}

function statusOf(code: number, reason: string, { pathname }: URL): unknown {
  return { kind: "Status", apiVersion: "v1", status: "Failure", code, reason, message: `${pathname}: ${reason}` };
}
