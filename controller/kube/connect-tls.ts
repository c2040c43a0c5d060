/** One TLS connection to the API server, with the authorities and the client certificate of this moment. */
import { isIP } from "node:net";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";
import type { Clock } from "../../api/clock.ts";
import { type Credentials, codeOf } from "./credentials.ts";
import type { KubeConfig } from "./kube-config.ts";
import { TransportError } from "./transport.ts";

/** TCP and TLS together; an API server answers within milliseconds. */
const CONNECT_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_PROBE_MS = 15_000;

export interface TlsConnection {
  readonly socket: TLSSocket;
  readonly protocol: "h2" | "http/1.1";
}

/** What Node's `tls.connect` and `https.Agent` take. */
export async function tlsOptions(config: KubeConfig, credentials: Credentials): Promise<ConnectionOptions> {
  const { server, tls } = config;
  const host = hostOf(server);
  const authorities = await tls.authorities?.();
  return {
    // An address may not be sent as a server name (RFC 6066); it is still compared with the certificate.
    servername: tls.serverName ?? (isIP(host) === 0 ? host : ""),
    rejectUnauthorized: tls.skipVerify !== true,
    minVersion: "TLSv1.2",
    ...(authorities === undefined ? {} : { ca: Buffer.from(authorities) }),
    ...(credentials.certificate === undefined
      ? {}
      : { cert: Buffer.from(credentials.certificate.cert), key: Buffer.from(credentials.certificate.key) }),
  };
}

/** Without the brackets of an IPv6 address. */
export function hostOf(server: URL): string {
  return server.hostname.replace(/^\[|\]$/g, "");
}

/** The port, with the scheme's default. */
export function portOf(server: URL): number {
  return server.port === "" ? (server.protocol === "https:" ? 443 : 80) : Number(server.port);
}

/**
 * Connects within 10 s.
 * @throws TransportError with the code of Node or OpenSSL, or `CONNECT_TIMEOUT`.
 */
export async function connectTls(
  config: KubeConfig,
  credentials: Credentials,
  clock: Clock,
  protocols: readonly ("h2" | "http/1.1")[],
): Promise<TlsConnection> {
  const options = await tlsOptions(config, credentials);
  return new Promise((resolve, reject) => {
    const fail = (code: string, cause?: unknown) => {
      cancel();
      socket.destroy();
      reject(new TransportError(code, { unprocessed: false }, { cause }));
    };
    const cancel = clock.after(CONNECT_TIMEOUT_MS, () => fail("CONNECT_TIMEOUT"));
    const socket = connect({
      ...options,
      host: hostOf(config.server),
      port: portOf(config.server),
      ALPNProtocols: [...protocols],
    });
    const onError = (error: Error) => fail(codeOf(error), error);
    const onClose = () => fail("ECONNRESET");
    socket.once("error", onError);
    socket.once("close", onClose);
    socket.once("secureConnect", () => {
      cancel();
      socket.off("error", onError);
      socket.off("close", onClose);
      socket.setNoDelay(true);
      socket.setKeepAlive(true, KEEP_ALIVE_PROBE_MS);
      resolve({ socket, protocol: socket.alpnProtocol === "h2" ? "h2" : "http/1.1" });
    });
  });
}
