/** The agents that connect to a server directly or by a proxy. */
import http from "node:http";
import https from "node:https";
import { TunnelAgent } from "./tunnel-agent.ts";

/** For `http`: a proxy is asked for the whole URL, which Node does from 22.21 on; older versions connect directly. */
export function createPlainAgent(proxy: URL | undefined, options: http.AgentOptions): http.Agent {
  return new http.Agent({ ...options, ...(proxy === undefined ? {} : { proxyEnv: { HTTP_PROXY: proxy.href } }) });
}

/** For `https`: a proxy opens a tunnel, within `timeoutMs`, and sees nothing of what is said. */
export function createTlsAgent(proxy: URL | undefined, timeoutMs: number, options: https.AgentOptions): https.Agent {
  return proxy === undefined ? new https.Agent(options) : new TunnelAgent(proxy, timeoutMs, options);
}
