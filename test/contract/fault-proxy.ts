/** A reverse proxy on loopback that fails on demand, in front of any HTTP backend. */
import http, { type IncomingMessage, type Server, type ServerResponse } from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";

/** What the next requests get in place of the backend's answer. */
export interface ProxyFault {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: nothing. */
  readonly body?: string;
  /** How many requests it hits. Default 1; `Infinity` until `heal`. */
  readonly count?: number;
  /** Only requests of which method and path match: `GET /v1/secret/data/x`. Default: all. */
  readonly matches?: RegExp;
}

export interface FaultProxy {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly address: string;
  /** Method and path of every request so far, those that failed included. */
  readonly requests: readonly string[];
  failNext(fault: ProxyFault): void;
  /** Takes requests and never answers, until `heal`. */
  hang(): void;
  /** Forgets all faults, and cuts the connections that hang. */
  heal(): void;
  /** Refuses connections until `up`, and cuts the open ones. */
  down(): Promise<void>;
  /** Listens again on the same port. */
  up(): Promise<void>;
  /** Idempotent. */
  stop(): Promise<void>;
}

/** `upstream`: `http://host:port`, or `https://` with the `ca` that it is checked with. */
export async function startFaultProxy(upstream: string, ca?: string): Promise<FaultProxy> {
  const requests: string[] = [];
  const faults: { readonly fault: ProxyFault; left: number }[] = [];
  let hangs = false;
  const agent = ca === undefined ? new http.Agent({ keepAlive: true }) : new https.Agent({ keepAlive: true, ca });
  const server = http.createServer((incoming, outgoing) => {
    const line = `${incoming.method} ${incoming.url}`;
    requests.push(line);
    if (hangs) return;
    const due = faults.find(({ fault, left }) => left > 0 && (fault.matches?.test(line) ?? true));
    if (due === undefined) return forward(upstream, agent, incoming, outgoing);
    due.left--;
    outgoing.writeHead(due.fault.status, due.fault.headers).end(due.fault.body);
  });
  await listen(server, 0);
  const { port } = server.address() as AddressInfo;
  const down = () => close(server);
  return {
    address: `http://127.0.0.1:${port}`,
    requests,
    failNext: (fault) => void faults.push({ fault, left: fault.count ?? 1 }),
    hang: () => {
      hangs = true;
    },
    heal: () => {
      faults.length = 0;
      if (hangs) server.closeAllConnections();
      hangs = false;
    },
    down,
    up: () => (server.listening ? Promise.resolve() : listen(server, port)),
    async stop() {
      agent.destroy();
      await down();
    },
  };
}

function forward(upstream: string, agent: http.Agent, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, headers } = incoming;
  const { request } = agent instanceof https.Agent ? https : http;
  const onward = request(new URL(incoming.url ?? "/", upstream), {
    agent,
    headers,
    ...(method ? { method } : {}),
  });
  onward.on("response", (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on("error", () => outgoing.destroy());
  outgoing.on("close", () => onward.destroy());
  incoming.pipe(onward);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
}

function close(server: Server): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
