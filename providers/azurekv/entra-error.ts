/** Refusals of Microsoft Entra ID as our error classes: by status and by its error numbers, never by its texts. */
import { AccessDenied, InvalidConfiguration, type SyncError, type SyncErrorDetails, Transient } from "../errors.ts";
import type { HttpResponse } from "../http-client.ts";
import { parseRetryAfter } from "../retry.ts";
import type { EntraLogin } from "./entra.ts";
import { parseObject } from "./token-answer.ts";

const BLOCK = "spec.provider.azurekv";

interface Meaning {
  /** In place of the credential's own field. */
  readonly field?: string;
  readonly remedy: string;
}

const NO_FEDERATION: Meaning = {
  remedy:
    "add a federated credential to the application or identity: the cluster's issuer, the subject system:serviceaccount:NAMESPACE:NAME and the audience api://AzureADTokenExchange",
};
const NO_TENANT: Meaning = { field: `${BLOCK}.tenantId`, remedy: "correct the tenant id" };

/** By the numbers after AADSTS. */
const MEANINGS: ReadonlyMap<number, Meaning> = new Map([
  [90002, NO_TENANT],
  [900023, NO_TENANT],
  [900021, NO_TENANT],
  [700016, { remedy: "correct the client id, or the tenant that the application is in" }],
  [7000215, { remedy: "put the value of a client secret (not its id) into the Secret" }],
  [7000222, { remedy: "the client secret has expired: make a new one and put it into the Secret" }],
  [700027, { remedy: "add this very certificate to the application" }],
  [700024, { remedy: "check the clocks: the assertion is outside its time" }],
  [70021, NO_FEDERATION],
  [700211, NO_FEDERATION],
  [700212, NO_FEDERATION],
  [700213, NO_FEDERATION],
]);

/** The resource or its scope is not known in that tenant. */
const RESOURCE_ERRORS: ReadonlySet<number> = new Set([500011, 70011, 1002012]);

/** The error of an answer that is not 200. */
export function entraError(response: HttpResponse, login: EntraLogin, resource: string, nowMs: number): SyncError {
  const { status, headers } = response;
  const body = parseObject(response.body);
  const details = detailsOf(response, body, login);
  if (status === 429 || status === 408 || status >= 500 || body?.error === "temporarily_unavailable") {
    const retryAfterMs = parseRetryAfter(headers["retry-after"], nowMs);
    return new Transient(`Microsoft Entra ID issues no token now (HTTP ${status})`, {
      ...details,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }
  if (typeof body?.error !== "string") {
    return new Transient(`the answer to the token request (HTTP ${status}) is not that of Microsoft Entra ID`, {
      ...details,
      remedy: `check ${BLOCK}.customCloudConfig.activeDirectoryEndpoint and the proxies`,
    });
  }
  const number = numberIn(body);
  const code = number === undefined ? `HTTP ${status}` : `AADSTS${number}`;
  if (number !== undefined && RESOURCE_ERRORS.has(number)) {
    return new InvalidConfiguration(`Microsoft Entra ID knows no resource ${resource} (${code})`, {
      ...details,
      field: `${BLOCK}.environmentType`,
      remedy: "correct environmentType, or customCloudConfig.keyVaultEndpoint",
    });
  }
  const { field = login.field, remedy } = MEANINGS.get(number ?? 0) ?? {
    remedy: "check the tenant, the client id and the credential",
  };
  return new AccessDenied(`Microsoft Entra ID refuses the login of client "${login.clientId}" (${code})`, {
    ...details,
    field,
    remedy,
  });
}

function numberIn({ error_codes: codes }: Readonly<Record<string, unknown>>): number | undefined {
  const [number] = Array.isArray(codes) ? (codes as readonly unknown[]) : [];
  return typeof number === "number" ? number : undefined;
}

function detailsOf(
  { headers }: HttpResponse,
  body: Readonly<Record<string, unknown>> | undefined,
  { field }: EntraLogin,
): SyncErrorDetails {
  const id = headers["x-ms-request-id"] ?? body?.trace_id;
  return { field, ...(typeof id === "string" && /^[\w.-]{1,100}$/.test(id) ? { requestId: id } : {}) };
}
