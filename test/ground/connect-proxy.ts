/** An HTTP proxy on loopback that asks for a user, opens tunnels by CONNECT, and alone knows where its hosts are. */
import http, { type IncomingHttpHeaders } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";

export interface ConnectProxyOptions {
  /** Where each tunnel leads, whatever host it is for. */
  readonly port: number;
  /** Answers CONNECT in place of a tunnel: a status, or never. */
  readonly refuse?: number | "hang";
}

export interface ConnectProxy {
  /** With user and password. */
  readonly url: string;
  /** `http://127.0.0.1:PORT`, without them. */
  readonly address: string;
  /** `HOST:PORT` of each CONNECT. */
  readonly tunnels: readonly string[];
  /** URLs that it was asked for in full. */
  readonly plain: readonly string[];
  /** Connections that are open now. */
  readonly open: number;
  stop(): Promise<void>;
}

const USER = "proxy-user:pass word";

/** Refuses with 407 whoever does not bring the user and password. */
export async function startConnectProxy({ port, refuse }: ConnectProxyOptions): Promise<ConnectProxy> {
  const tunnels: string[] = [];
  const plain: string[] = [];
  const sockets = new Set<Socket | Duplex>();
  const server = http.createServer(({ url = "", headers }, response) => {
    plain.push(url);
    response.writeHead(isUser(headers) ? 200 : 407).end("by the proxy");
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.on("connect", ({ url = "", headers }, client) => {
    client.on("error", () => client.destroy());
    client.on("end", () => client.destroy());
    tunnels.push(url);
    if (refuse === "hang") return void client.resume();
    const status = isUser(headers) ? refuse : 407;
    if (status !== undefined) return void client.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    const upstream = connect(port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on("error", () => client.destroy());
    client.on("close", () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${USER.replace(" ", "%20")}@${host}`,
    address: `http://${host}`,
    tunnels,
    plain,
    get open() {
      return sockets.size;
    },
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

function isUser(headers: IncomingHttpHeaders): boolean {
  return headers["proxy-authorization"] === `Basic ${Buffer.from(USER).toString("base64")}`;
}
