/** Ports that are free now and that no outgoing connection takes in the meantime. */
import { once } from "node:events";
import { createServer, type Server } from "node:net";

/** Below the ranges from which Linux (32768) and macOS (49152) take the ports of outgoing connections. */
const LOWEST = 15_000;
const HIGHEST = 32_000;
const TRIES = 200;

/**
 * `count` different TCP ports that can be bound on `address`. They are chosen at random, so that two runs that ask at
 * the same moment seldom get the same one; a server that finds its port taken should ask again.
 * @throws when 200 random ports in turn were taken or the address is not one of this machine.
 */
export async function freePorts(count: number, address = "127.0.0.1"): Promise<readonly number[]> {
  const held: { port: number; server: Server }[] = [];
  let lastError: unknown;
  try {
    for (let tries = 0; held.length < count; tries++) {
      if (tries >= TRIES) throw new Error(`no free port on ${address} after ${TRIES} tries`, { cause: lastError });
      const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
      try {
        held.push({ port, server: await listen(port, address) });
      } catch (error) {
        lastError = error;
      }
    }
    return held.map(({ port }) => port);
  } finally {
    await Promise.all(held.map(({ server }) => new Promise((resolve) => server.close(resolve))));
  }
}

/** One free port; see `freePorts`. */
export async function freePort(address = "127.0.0.1"): Promise<number> {
  const [port] = await freePorts(1, address);
  if (port === undefined) throw new Error(`no free port on ${address}`);
  return port;
}

async function listen(port: number, address: string): Promise<Server> {
  const server = createServer();
  server.listen({ port, host: address, exclusive: true });
  await once(server, "listening");
  return server;
}
