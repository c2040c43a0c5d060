/** A Kubernetes API server with nothing in it, on loopback: lists are empty and watches stay open. For measuring a controller at rest. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** The server, listening. */
export interface IdleApiServer {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
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
  const server = createServer((request, response) => {
    lastRequestMs = Date.now();
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    if (request.method === "GET" && ["1", "true"].includes(url.searchParams.get("watch") ?? "")) {
      watches += 1;
      response.once("close", () => {
        watches -= 1;
      });
      holdWatch(url, response);
      return;
    }
    answer(request, url, response).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : undefined),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lastRequestMs: () => lastRequestMs,
    openWatches: () => watches,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A watch that never has an event, but for the bookmark that ends a streamed list. */
function holdWatch(url: URL, response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/json" });
  response.flushHeaders();
  if (url.searchParams.get("sendInitialEvents") !== "true") return;
  const annotations = { "k8s.io/initial-events-end": "true" };
  const object = { ...identityOf(url), metadata: { resourceVersion: "1", annotations } };
  response.write(`${JSON.stringify({ type: "BOOKMARK", object })}\n`);
}

/** Lists are empty, objects are absent, and what is written comes back as it is. */
async function answer(request: IncomingMessage, url: URL, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  if (request.method === "POST" || request.method === "PUT") {
    send(response, request.method === "POST" ? 201 : 200, JSON.parse(Buffer.concat(chunks).toString()));
  } else if (url.pathname === "/version") {
    send(response, 200, { major: "1", minor: "37", gitVersion: "v1.37.0" });
  } else if (request.method === "GET" && isCollection(url)) {
    send(response, 200, { ...identityOf(url), metadata: { resourceVersion: "1" }, items: [] });
  } else {
    const status = { kind: "Status", apiVersion: "v1", status: "Failure", reason: "NotFound", code: 404 };
    send(response, 404, { ...status, message: `${url.pathname} not found` });
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
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
