/** Tokens of the node's or the host's managed identity: from the instance metadata service, or from App Service's endpoint. */
import type { AzureKvProviderSpec } from "../../api/stores/azurekv.ts";
import type { StoreContext } from "../contract.ts";
import { AccessDenied, InvalidConfiguration, type SyncError, Transient } from "../errors.ts";
import { createHttpClient, type HttpClient, type HttpRequest, type HttpResponse } from "../http-client.ts";
import { parseRetryAfter } from "../retry.ts";
import type { AccessToken } from "../token-cache.ts";
import { parseObject, tokenIn } from "./token-answer.ts";

const FIELD = "spec.provider.azurekv.identityId";
const SERVICE = "the managed identity endpoint";
const INSTANCE_METADATA = "http://169.254.169.254";

export interface ManagedIdentity {
  /** @throws AccessDenied where there is no such identity; Transient. */
  requestToken(resource: string, signal: AbortSignal): Promise<AccessToken>;
  close(): void;
}

interface Endpoint {
  readonly origin: string;
  readonly path: string;
  readonly version: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The endpoint stands in the environment: IDENTITY_ENDPOINT with IDENTITY_HEADER (App Service), else the metadata service
 * at 169.254.169.254 or at AZURE_POD_IDENTITY_AUTHORITY_HOST.
 * @throws InvalidConfiguration for an environment whose protocol is not spoken here.
 */
export function createManagedIdentity(spec: AzureKvProviderSpec, context: StoreContext): ManagedIdentity {
  const endpoint = endpointOf(context.environment);
  // Never by a proxy: the addresses are of this very machine.
  const http = createHttpClient({
    backend: SERVICE,
    baseUrl: endpoint.origin,
    serverField: "spec.provider.azurekv.authType",
    timeoutMs: context.requestTimeoutMs,
    clock: context.clock,
  });
  return {
    requestToken: (resource, signal) => requestToken(http, endpoint, spec.identityId, resource, context, signal),
    close: () => http.close(),
  };
}

function endpointOf(environment: StoreContext["environment"]): Endpoint {
  const { IDENTITY_ENDPOINT: address, IDENTITY_HEADER: header } = environment;
  if (!address) {
    const origin = (environment.AZURE_POD_IDENTITY_AUTHORITY_HOST || INSTANCE_METADATA).replace(/\/+$/, "");
    return { origin, path: "metadata/identity/oauth2/token", version: "2018-02-01", headers: { metadata: "true" } };
  }
  const url = URL.parse(address);
  if (url === null || !header || environment.IDENTITY_SERVER_THUMBPRINT) {
    throw new InvalidConfiguration("the managed identity of this kind of host is not available in this version", {
      field: "spec.provider.azurekv.authType",
      remedy: "use WorkloadIdentity or ServicePrincipal: Azure Arc and Service Fabric are not served",
    });
  }
  const headers = { "x-identity-header": header };
  return { origin: url.origin, path: url.pathname.slice(1), version: "2019-08-01", headers };
}

async function requestToken(
  http: HttpClient,
  { path, version, headers }: Endpoint,
  identityId: string | undefined,
  resource: string,
  { clock }: StoreContext,
  signal: AbortSignal,
): Promise<AccessToken> {
  const query = { "api-version": version, resource, ...(identityId ? { client_id: identityId } : {}) };
  const request: HttpRequest = { method: "GET", path, query, headers };
  const response = await http.request(request, signal);
  if (response.status !== 200) throw identityError(response, identityId, clock.now());
  return tokenIn(response.body, SERVICE, clock.now());
}

function identityError(
  { status, headers, body }: HttpResponse,
  identityId: string | undefined,
  nowMs: number,
): SyncError {
  const isRefusal = status === 400 || status === 401 || status === 403;
  if (isRefusal && parseObject(body) !== undefined) {
    const who = identityId ? `managed identity "${identityId}"` : "the managed identity";
    return new AccessDenied(`${SERVICE} gives no token for ${who} (HTTP ${status})`, {
      field: FIELD,
      remedy: "assign the identity to the nodes, and give its client id where they have several",
    });
  }
  const retryAfterMs = parseRetryAfter(headers["retry-after"], nowMs);
  return new Transient(`${SERVICE} gives no token now (HTTP ${status})`, {
    field: "spec.provider.azurekv.authType",
    remedy: "check that the controller runs on Azure and that its network reaches the metadata service",
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}
