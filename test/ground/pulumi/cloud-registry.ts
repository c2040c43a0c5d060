/** What a program has registered with its clouds by now, told by their stand-in provider while it creates and deletes. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import type { Registration } from "./cloud-provider/registrations.ts";

export type { Registration } from "./cloud-provider/registrations.ts";

export interface CloudRegistry {
  /** For the environment of the CLI: leads the provider here. */
  readonly env: Readonly<Record<string, string>>;
  /** All there are now, or those of one type. */
  resources(type?: string): readonly Registration[];
  stop(): Promise<void>;
}

/** Ready when the promise resolves. @param onChange is told all resources before the provider goes on; default: nobody is told. */
export async function startCloudRegistry(
  onChange: (resources: readonly Registration[]) => void = () => {},
): Promise<CloudRegistry> {
  const known = new Map<string, Registration>();
  const server = createServer((request, response) => {
    json(request)
      .then((body) => {
        const registration = body as Registration;
        if (request.method === "DELETE") known.delete(registration.urn);
        else known.set(registration.urn, registration);
        onChange([...known.values()]);
        response.writeHead(204).end();
      })
      .catch(() => response.writeHead(400).end());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    env: { CLOUD_REGISTRY: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    resources: (type) => [...known.values()].filter((each) => type === undefined || each.type === type),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
