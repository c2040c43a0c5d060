/** Connections over TLS through a proxy: CONNECT first, then TLS with the server itself. */
import http from "node:http";
import https from "node:https";
import type { Duplex } from "node:stream";
import { hostAndPort, proxyAuthorization } from "./proxy.ts";

/** The proxy opens no tunnel. */
export class TunnelRefused extends Error {
  readonly code = "ERR_PROXY_TUNNEL";
  /** Of its answer. */
  readonly status: number;

  constructor(status: number) {
    super(`the proxy answered CONNECT with HTTP ${status}`);
    this.status = status;
  }
}

type TlsOptions = https.RequestOptions & { readonly socket?: Duplex };
type Done = (error: Error | null, stream: Duplex) => void;
type Fail = (error: Error) => void;

/** Keeps tunnels open as any agent keeps its connections. One that is not open within `timeoutMs` is given up. */
export class TunnelAgent extends https.Agent {
  readonly #proxy: URL;
  readonly #timeoutMs: number;
  readonly #opening = new Set<http.ClientRequest>();

  constructor(proxy: URL, timeoutMs: number, options: https.AgentOptions) {
    super(options);
    this.#proxy = proxy;
    this.#timeoutMs = timeoutMs;
  }

  override createConnection(options: TlsOptions, done: Done): undefined {
    const fail: Fail = (error) => (done as unknown as Fail)(error);
    const host = options.hostname ?? options.host ?? "";
    const port = options.port ?? 443;
    const authority = `${host.includes(":") ? `[${host}]` : host}:${port}`;
    const request = this.#ask(authority);
    this.#opening.add(request);
    request.once("close", () => this.#opening.delete(request));
    request.once("error", fail);
    request.once("timeout", () => request.destroy(Object.assign(new Error("ETIMEDOUT"), { code: "ETIMEDOUT" })));
    request.once("response", (response) => {
      request.destroy();
      fail(new TunnelRefused(response.statusCode ?? 0));
    });
    request.once("connect", (response, socket) => {
      request.off("error", fail);
      socket.setTimeout(0);
      if (response.statusCode === 200) {
        const overTunnel: TlsOptions = { ...options, socket };
        return done(null, super.createConnection(overTunnel) as Duplex);
      }
      socket.destroy();
      fail(new TunnelRefused(response.statusCode ?? 0));
    });
    request.end();
    return undefined;
  }

  override destroy(): void {
    for (const request of this.#opening) request.destroy();
    super.destroy();
  }

  #ask(authority: string): http.ClientRequest {
    const { host, port } = hostAndPort(this.#proxy);
    const { request: open } = this.#proxy.protocol === "https:" ? https : http;
    const headers = { host: authority, ...proxyAuthorization(this.#proxy) };
    return open({ host, port, method: "CONNECT", path: authority, headers, agent: false, timeout: this.#timeoutMs });
  }
}
