/** Asks Microsoft Entra ID for tokens. */

import type { StoreContext } from "../contract.ts";
import { InvalidConfiguration } from "../errors.ts";
import { createHttpClient, type HttpClient } from "../http-client.ts";
import type { AccessToken } from "../token-cache.ts";
import { type Cloud, isSafeUrl, UNTRUSTED_REMEDY } from "./cloud.ts";
import { entraError } from "./entra-error.ts";
import { tokenIn } from "./token-answer.ts";

/** As whom to log in. */
export interface EntraLogin {
  readonly tenantId: string;
  readonly clientId: string;
  /** The credential, as the token request has it. */
  readonly proof: { readonly client_secret: string } | { readonly client_assertion: string };
  /** The field that names the credential. */
  readonly field: string;
}

export interface Entra {
  /** Where a tenant's tokens are asked for: the audience of a client assertion. */
  tokenUrl(tenantId: string): string;
  /**
   * A token for the resource.
   * @throws AccessDenied where the login is refused; InvalidConfiguration where there is no such resource; Transient.
   */
  requestToken(login: EntraLogin, resource: string, signal: AbortSignal): Promise<AccessToken>;
  close(): void;
}

const JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** @throws InvalidConfiguration where the authority is no URL that credentials may be sent to. */
export function createEntra(cloud: Cloud, context: StoreContext): Entra {
  const { authority, authorityField: serverField } = cloud;
  if (!isSafeUrl(authority)) {
    throw new InvalidConfiguration(`${serverField} is no https URL`, {
      field: serverField,
      remedy: "write https://HOST",
    });
  }
  const http = createHttpClient({
    backend: "Microsoft Entra ID",
    baseUrl: authority,
    serverField,
    untrustedRemedy: UNTRUSTED_REMEDY,
    timeoutMs: context.requestTimeoutMs,
    clock: context.clock,
    environment: context.environment,
  });
  const pathOf = (tenantId: string) => `${encodeURIComponent(tenantId)}/oauth2/v2.0/token`;
  return {
    tokenUrl: (tenantId) => `${authority.replace(/\/+$/, "")}/${pathOf(tenantId)}`,
    requestToken: (login, resource, signal) =>
      requestToken(http, pathOf(login.tenantId), login, resource, context, signal),
    close: () => http.close(),
  };
}

async function requestToken(
  http: HttpClient,
  path: string,
  login: EntraLogin,
  resource: string,
  { clock }: StoreContext,
  signal: AbortSignal,
): Promise<AccessToken> {
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: login.clientId,
    scope: `${resource}/.default`,
    ...login.proof,
    ...("client_assertion" in login.proof ? { client_assertion_type: JWT_BEARER } : {}),
  });
  const headers = { "content-type": "application/x-www-form-urlencoded", accept: "application/json" };
  const response = await http.request({ method: "POST", path, headers, body: form.toString() }, signal);
  if (response.status !== 200) throw entraError(response, login, resource, clock.now());
  return tokenIn(response.body, "Microsoft Entra ID", clock.now());
}
