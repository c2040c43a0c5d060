/** How the official clients send requests: directly, or by the proxy that the environment names for the host. */

import { proxyFor } from "../proxy.ts";
import { createPlainAgent, createTlsAgent } from "../proxy-agents.ts";
import type { ConnectionOptions } from "./connection.ts";

type Limits = Pick<ConnectionOptions, "environment" | "requestTimeoutMs">;

/** One handler of the library for each proxy and one for direct connections, made when first needed. */
export async function createRequestHandler({ environment, requestTimeoutMs }: Limits) {
  const { NodeHttpHandler } = await import("@smithy/node-http-handler");
  type Handler = InstanceType<typeof NodeHttpHandler>;
  const handlers = new Map<string, Handler>();
  const create = (proxy: URL | undefined) =>
    new NodeHttpHandler({
      connectionTimeout: requestTimeoutMs,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
      httpAgent: createPlainAgent(proxy, AGENT),
      httpsAgent: createTlsAgent(proxy, requestTimeoutMs, AGENT),
    });
  const handlerFor = (proxy: URL | undefined) => {
    const key = proxy?.href ?? "";
    const handler = handlers.get(key) ?? create(proxy);
    handlers.set(key, handler);
    return handler;
  };
  return {
    metadata: { handlerProtocol: "http/1.1" },
    handle: (request: Parameters<Handler["handle"]>[0], options?: Parameters<Handler["handle"]>[1]) =>
      handlerFor(proxyFor(urlOf(request), environment)).handle(request, options),
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
    destroy() {
      for (const handler of handlers.values()) handler.destroy();
    },
  };
}

/** The library's own. */
const AGENT = { keepAlive: true, maxSockets: 50 } as const;

function urlOf({ protocol, hostname, port }: { protocol: string; hostname: string; port?: number | undefined }): URL {
  return new URL(`${protocol}//${hostname}${port === undefined ? "" : `:${port}`}`);
}
