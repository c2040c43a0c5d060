/**
 * A small API server on loopback for tests: objects with versions, paged lists, watches with bookmarks, server-side apply, merge
 * patch, preconditions, TokenRequest; HTTP/2 or HTTP/1.1 over TLS, or plain HTTP/1.1; and faults by request or by connection.
 */
import * as http from "node:http";
import * as http2 from "node:http2";
import * as https from "node:https";
import type { AddressInfo, Server } from "node:net";
import { type Clock, systemClock } from "../../../api/clock.ts";
import { type CredentialSource, fixedCredentials } from "../../../controller/kube/credentials.ts";
import type { KubeConfig } from "../../../controller/kube/kube-config.ts";
import { type CertificateAuthority, createCertificateAuthority } from "../../ground/pki.ts";
import type { FakeIncoming, FakeOutgoing, FakeRequest } from "./fake-api-request.ts";
import { FakeApiState, type Fault } from "./fake-api-state.ts";
import type { FakeObjectStore } from "./fake-object-store.ts";
import type { FakeWatch } from "./fake-watches.ts";
import { type StallProxy, startStallProxy } from "./stall-proxy.ts";

export interface FakeApiServerOptions {
  /** `h2`: TLS that negotiates HTTP/2 or HTTP/1.1 (default); `https`: TLS with HTTP/1.1 only; `http`: no TLS. */
  readonly protocol?: "h2" | "https" | "http";
  /** Timestamps, expiry of tokens, and timeouts of watches go by it. Default: the machine's clock. */
  readonly clock?: Clock;
  /** Upper limit of a page, whatever is asked for. Default: none. */
  readonly pageLimit?: number;
  /** Bearer tokens that are let in; unset: everybody is. Can be changed later by `acceptTokens`. */
  readonly tokens?: readonly string[];
  /** As told to HTTP/2 clients. Default: Node's. */
  readonly maxConcurrentStreams?: number;
}

export interface FakeApiServer {
  /** For `createKubeClient`; without credentials unless given. */
  config(credentials?: CredentialSource): KubeConfig;
  readonly url: string;
  /** "" without TLS. */
  readonly caPem: string;
  /** A kubeconfig file's text for this server, with the token where one is given. */
  kubeconfig(token?: string): string;
  /** The objects: `store.put("/api/v1/secrets", {...})` is a change that somebody else made, and watches tell it. */
  readonly store: FakeObjectStore;
  /** All requests so far, oldest first. */
  readonly requests: FakeRequest[];
  /** Open watches, of one resource (`secrets`) or all. */
  watches(plural?: string): FakeWatch[];
  /** Adds a fault; the result takes it away. */
  fail(fault: Fault): () => void;
  /** From now on 404 for a collection (`/apis/external-secrets.io/v1/externalsecrets`), as without its CRD; the result ends it. */
  hide(collection: string): () => void;
  acceptTokens(tokens: readonly string[] | undefined): void;
  /** The connections between clients and server: stall, reset. Another one after `start`. */
  readonly network: StallProxy;
  /** GOAWAY to all HTTP/2 clients: graceful without a code (running streams go on), else an error that ends them. */
  goAway(code?: number): void;
  /** Stops listening and resets all connections: connection refused. */
  stop(): Promise<void>;
  /** Listens again at the same address after `stop`, with the same objects. */
  start(): Promise<void>;
  /** Stops for good. A server that merely nobody reaches any longer can keep Node from ending. */
  close(): Promise<void>;
}

/** Starts one; `close` it at the end. */
export async function startFakeApiServer(options: FakeApiServerOptions = {}): Promise<FakeApiServer> {
  const clock = options.clock ?? systemClock;
  const protocol = options.protocol ?? "h2";
  const state = new FakeApiState(clock, options);
  const authority = protocol === "http" ? undefined : await createCertificateAuthority("fake-api-server-ca");
  const server = await listeningServer(protocol, authority, options, (incoming, outgoing) =>
    state.serve(incoming, outgoing),
  );
  const sessions = sessionsOf(server);
  // The server itself runs on; what is stopped and started is the way to it.
  server.unref();
  const innerPort = (server.address() as AddressInfo).port;
  let network = await startStallProxy(innerPort);
  const { port } = network;
  const url = `${protocol === "http" ? "http" : "https"}://127.0.0.1:${port}`;
  const caPem = authority?.certificatePem ?? "";
  return {
    url,
    caPem,
    config: (credentials = fixedCredentials({ headers: {} })) => configOf(url, caPem, credentials),
    kubeconfig: (token) => kubeconfigOf(url, caPem, token),
    store: state.store,
    requests: state.requests,
    watches: (plural) => state.watches.list(plural),
    fail: (fault) => state.fail(fault),
    hide: (collection) => state.hide(collection),
    acceptTokens(tokens) {
      state.tokens = tokens;
    },
    get network() {
      return network;
    },
    goAway: (code) => goAway(sessions, code),
    stop: () => network.close(),
    async start() {
      network = await startStallProxy(innerPort, port);
    },
    async close() {
      await network.close();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** The HTTP/2 sessions that are open. */
function sessionsOf(server: Server): ReadonlySet<http2.ServerHttp2Session> {
  const sessions = new Set<http2.ServerHttp2Session>();
  server.on("session", (session: http2.ServerHttp2Session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
    session.on("error", () => {});
  });
  return sessions;
}

function goAway(sessions: ReadonlySet<http2.ServerHttp2Session>, code: number | undefined): void {
  for (const session of sessions) {
    if (code === undefined) session.close();
    else session.goaway(code);
  }
}

async function listeningServer(
  protocol: "h2" | "https" | "http",
  authority: CertificateAuthority | undefined,
  options: FakeApiServerOptions,
  serve: (incoming: FakeIncoming, outgoing: FakeOutgoing) => void,
): Promise<Server> {
  const issued = await authority?.issue({ commonName: "fake-api-server", hosts: ["127.0.0.1", "localhost"] });
  const pems = { cert: issued?.certificatePem ?? "", key: issued?.privateKeyPem ?? "" };
  const { maxConcurrentStreams } = options;
  const settings = maxConcurrentStreams === undefined ? {} : { maxConcurrentStreams };
  const server: Server =
    protocol === "http"
      ? http.createServer(serve)
      : protocol === "https"
        ? https.createServer(pems, serve)
        : http2.createSecureServer({ ...pems, allowHTTP1: true, settings, maxSessionMemory: 1_000 }, serve);
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return server;
}

function configOf(url: string, caPem: string, credentials: CredentialSource): KubeConfig {
  return {
    server: new URL(url),
    source: "a test",
    namespace: "default",
    tls: caPem === "" ? {} : { authorities: async () => Buffer.from(caPem) },
    credentials,
  };
}

function kubeconfigOf(url: string, caPem: string, token: string | undefined): string {
  const authority = caPem === "" ? {} : { "certificate-authority-data": Buffer.from(caPem).toString("base64") };
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "fake",
    contexts: [{ name: "fake", context: { cluster: "fake", user: "fake" } }],
    clusters: [{ name: "fake", cluster: { server: url, ...authority } }],
    users: [{ name: "fake", user: token === undefined ? {} : { token } }],
  });
}
