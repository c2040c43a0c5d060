/** A door in front of a server: closed, nothing answers; open, all passes as it is. */
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export interface TcpGate {
  /** `127.0.0.1:PORT`. */
  readonly address: string;
  /** Cuts all connections and refuses new ones. */
  shut(): void;
  open(): void;
  /** Connections so far. */
  readonly connections: number;
  stop(): Promise<void>;
}

/** Passes to `host:port`. */
export async function startTcpGate(target: { readonly host: string; readonly port: number }): Promise<TcpGate> {
  const sockets = new Set<Socket>();
  let isOpen = true;
  let connections = 0;
  const server = createServer((incoming) => {
    connections += 1;
    if (!isOpen) return void incoming.destroy();
    const outgoing = connect(target);
    for (const socket of [incoming, outgoing]) {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
    }
    incoming.on("error", () => outgoing.destroy());
    outgoing.on("error", () => incoming.destroy());
    incoming.on("close", () => outgoing.destroy());
    outgoing.on("close", () => incoming.destroy());
    incoming.pipe(outgoing).pipe(incoming);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("the gate has no port");
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    address: `127.0.0.1:${bound.port}`,
    get connections() {
      return connections;
    },
    shut() {
      isOpen = false;
      cut();
    },
    open() {
      isOpen = true;
    },
    async stop() {
      cut();
      server.close();
      await once(server, "close");
    },
  };
}
