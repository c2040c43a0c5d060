/** Sends HTTP requests to one API server: over HTTP/2 where TLS negotiates it, else over HTTP/1.1. */
import type { Readable } from "node:stream";
import type { Clock } from "../../api/clock.ts";
import { connectTls, type TlsConnection } from "./connect-tls.ts";
import type { Credentials } from "./credentials.ts";
import { createHttp1Transport } from "./http1-transport.ts";
import { createHttp2Transport } from "./http2-transport.ts";
import type { KubeConfig } from "./kube-config.ts";

export interface TransportRequest {
  readonly method: string;
  /** Path and query, without the path of the server's address. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
}

export interface TransportResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Must be read to its end or destroyed. Fails with an error that has a `code` where it breaks off. */
  readonly body: Readable;
}

export interface Transport {
  /**
   * Resolves with the answer's head. The signal's abort ends the request at any time, its body included.
   * @throws TransportError; the signal's reason; what the credentials or the TLS material throw.
   */
  send(request: TransportRequest, credentials: Credentials, signal: AbortSignal): Promise<TransportResponse>;
  /** Ends all connections at once. */
  close(): void;
}

/** The connection failed; `code` is Node's or one of ours. */
export class TransportError extends Error {
  override readonly name = "TransportError";
  readonly code: string;
  /** The server certainly did nothing: the request may be sent again, whatever it is. */
  readonly unprocessed: boolean;
  /** The connection was an old one that may have died long before: an idempotent request may be sent again at once. */
  readonly reused: boolean;

  constructor(
    code: string,
    facts: { readonly unprocessed?: boolean; readonly reused?: boolean } = {},
    options?: ErrorOptions,
  ) {
    super(`the connection failed (${code})`, options);
    this.code = code;
    this.unprocessed = facts.unprocessed ?? false;
    this.reused = facts.reused ?? false;
  }
}

/** Connections are made when first needed, and for certificates and authorities as they are then. */
export function createTransport(config: KubeConfig, clock: Clock): Transport {
  const prefix = config.server.pathname.replace(/\/+$/, "");
  const http1 = createHttp1Transport(config, clock);
  if (config.server.protocol === "http:") return withPrefix(http1, prefix);
  // Whether the server speaks HTTP/2 is known from the first handshake on.
  let speaksHttp2 = true;
  const connect = async (credentials: Credentials): Promise<TlsConnection> => {
    const connection = await connectTls(config, credentials, clock, ["h2", "http/1.1"]);
    speaksHttp2 = connection.protocol === "h2";
    return connection;
  };
  const http2 = createHttp2Transport(config.server, clock, connect);
  return withPrefix(
    {
      async send(request, credentials, signal) {
        if (!speaksHttp2) return http1.send(request, credentials, signal);
        const response = await http2.send(request, credentials, signal);
        return response ?? http1.send(request, credentials, signal);
      },
      close() {
        http1.close();
        http2.close();
      },
    },
    prefix,
  );
}

function withPrefix(transport: Transport, prefix: string): Transport {
  if (prefix === "") return transport;
  return {
    send: (request, credentials, signal) =>
      transport.send({ ...request, path: prefix + request.path }, credentials, signal),
    close: transport.close,
  };
}
