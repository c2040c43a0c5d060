/** A TCP forwarder on loopback whose connections can be made to go silent without being closed, as a lost network does. */
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface StallProxy {
  readonly port: number;
  /** From now on nothing passes over the connections that are open; they stay open. New ones are not concerned. */
  stall(): void;
  /** Resets all connections. */
  reset(): void;
  /** Connections of clients that are open. */
  readonly connections: number;
  close(): Promise<void>;
}

type Pair = readonly [client: Socket, upstream: Socket];

/** Forwards 127.0.0.1:`port` (0: any) to 127.0.0.1:`targetPort`. */
export async function startStallProxy(targetPort: number, port = 0): Promise<StallProxy> {
  const pairs = new Set<Pair>();
  const server = createServer((client) => forward(client, connect(targetPort, "127.0.0.1"), pairs));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const reset = () => {
    for (const [client, upstream] of pairs) {
      // Node never closes a socket that is reset while its end is being sent, and then spins when it ends itself.
      if (client.writableEnded) client.destroy();
      else client.resetAndDestroy();
      upstream.destroy();
    }
  };
  return {
    port: (server.address() as AddressInfo).port,
    stall() {
      for (const [client, upstream] of pairs) {
        client.unpipe(upstream).pause();
        upstream.unpipe(client).pause();
      }
    },
    reset,
    get connections() {
      return pairs.size;
    },
    close() {
      return new Promise((resolve) => {
        server.close(() => resolve());
        reset();
      });
    },
  };
}

function forward(client: Socket, upstream: Socket, pairs: Set<Pair>): void {
  const pair: Pair = [client, upstream];
  pairs.add(pair);
  for (const socket of pair) {
    socket.setNoDelay(true);
    socket.on("error", () => {});
    socket.on("close", () => {
      pairs.delete(pair);
      client.destroy();
      upstream.destroy();
    });
  }
  client.pipe(upstream);
  upstream.pipe(client);
}
