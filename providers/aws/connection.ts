/** How the official clients connect: region, endpoints, time limits. */
import type { StoreContext } from "../contract.ts";
import { createRequestHandler } from "./request-handler.ts";

/** Shared by all clients of one opened store. */
export interface ConnectionOptions {
  readonly region: string;
  readonly requestTimeoutMs: number;
  /** `AWS_SECRETSMANAGER_ENDPOINT`, as ESO names it; unset: the region's own. */
  readonly secretsManagerEndpoint: string | undefined;
  /** `AWS_SSM_ENDPOINT`; unset: the region's own. */
  readonly ssmEndpoint: string | undefined;
  /** `AWS_ACM_ENDPOINT`; unset: the region's own. */
  readonly certificateManagerEndpoint: string | undefined;
  /** `AWS_STS_ENDPOINT`; unset: the region's own. */
  readonly stsEndpoint: string | undefined;
  /** Read for HTTP_PROXY, HTTPS_PROXY and NO_PROXY (in either case). */
  readonly environment: StoreContext["environment"];
}

/** Reads endpoint overrides of the environment. */
export function connectionOf(
  region: string,
  context: Pick<StoreContext, "environment" | "requestTimeoutMs">,
): ConnectionOptions {
  return {
    region,
    environment: context.environment,
    requestTimeoutMs: context.requestTimeoutMs,
    secretsManagerEndpoint: context.environment.AWS_SECRETSMANAGER_ENDPOINT || undefined,
    ssmEndpoint: context.environment.AWS_SSM_ENDPOINT || undefined,
    certificateManagerEndpoint: context.environment.AWS_ACM_ENDPOINT || undefined,
    stsEndpoint: context.environment.AWS_STS_ENDPOINT || undefined,
  };
}

/** Configuration of one client; it never retries by itself, `callAws` does. */
export async function clientOptions(connection: ConnectionOptions, endpoint: string | undefined) {
  return {
    region: connection.region,
    maxAttempts: 1,
    customUserAgent: "pulumi-external-secrets",
    ...(endpoint === undefined ? {} : { endpoint }),
    requestHandler: await createRequestHandler(connection),
  };
}
