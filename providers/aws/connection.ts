/** How the official clients connect: region, endpoints, time limits. */
import type { StoreContext } from "../contract.ts";

/** Shared by all clients of one opened store. */
export interface ConnectionOptions {
  readonly region: string;
  readonly requestTimeoutMs: number;
  /** `AWS_SECRETSMANAGER_ENDPOINT`, as ESO names it; unset: the region's own. */
  readonly secretsManagerEndpoint: string | undefined;
  /** `AWS_SSM_ENDPOINT`; unset: the region's own. */
  readonly ssmEndpoint: string | undefined;
  /** `AWS_STS_ENDPOINT`; unset: the region's own. */
  readonly stsEndpoint: string | undefined;
  /** `HTTPS_PROXY` and its like, in either case; obeyed from Node 24.5 on. */
  readonly proxyEnvironment: Readonly<Record<string, string>>;
}

const PROXY_VARIABLES = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"] as const;

/** Reads endpoint overrides and proxies of the environment. */
export function connectionOf(
  region: string,
  context: Pick<StoreContext, "environment" | "requestTimeoutMs">,
): ConnectionOptions {
  const proxyEnvironment: Record<string, string> = {};
  for (const name of PROXY_VARIABLES) {
    const value = context.environment[name];
    if (value !== undefined) proxyEnvironment[name] = value;
  }
  return {
    region,
    proxyEnvironment,
    requestTimeoutMs: context.requestTimeoutMs,
    secretsManagerEndpoint: context.environment.AWS_SECRETSMANAGER_ENDPOINT || undefined,
    ssmEndpoint: context.environment.AWS_SSM_ENDPOINT || undefined,
    stsEndpoint: context.environment.AWS_STS_ENDPOINT || undefined,
  };
}

/** Configuration of one client; it never retries by itself, `callAws` does. */
export async function clientOptions(connection: ConnectionOptions, endpoint: string | undefined) {
  const { NodeHttpHandler } = await import("@smithy/node-http-handler");
  return {
    region: connection.region,
    maxAttempts: 1,
    customUserAgent: "pulumi-external-secrets",
    ...(endpoint === undefined ? {} : { endpoint }),
    requestHandler: new NodeHttpHandler({
      connectionTimeout: connection.requestTimeoutMs,
      requestTimeout: connection.requestTimeoutMs,
      throwOnRequestTimeout: true,
      httpAgent: { proxyEnv: connection.proxyEnvironment },
      httpsAgent: { proxyEnv: connection.proxyEnvironment },
    }),
  };
}
