/** What all ways to authenticate are made of: exchanges of tokens, impersonation, and what their answers mean. */

import type { Clock } from "../../api/clock.ts";
import { AccessDenied, InvalidConfiguration, type SyncError, type SyncErrorDetails, Transient } from "../errors.ts";
import type { Endpoints } from "./endpoints.ts";
import type { GoogleFailure } from "./google-failure.ts";
import type { GoogleHttp } from "./google-http.ts";
import type { GoogleToken } from "./google-token.ts";

/** Enough for Secret Manager, and what Google advises: the roles decide. */
export const SCOPE = "https://www.googleapis.com/auth/cloud-platform";

/** What the calls need. */
export interface AuthTools {
  readonly http: GoogleHttp;
  readonly endpoints: Endpoints;
  readonly clock: Clock;
}

/** A call to a token endpoint. */
export interface TokenCall {
  /** As messages name it: `Google's token service`. */
  readonly service: string;
  /** As `GoogleCall.name`. */
  readonly name?: string;
  readonly url: string;
  /** Sent as a form, or as JSON with `isJson`. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly isJson?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** The field whose credentials are sent. */
  readonly field: string;
  /** What to do where they are refused. */
  readonly remedy: string;
}

/**
 * The access token that an OAuth 2 endpoint gives.
 * @throws AccessDenied where the credentials are refused; Transient.
 */
export async function fetchToken(
  { http, clock }: AuthTools,
  call: TokenCall,
  signal: AbortSignal,
): Promise<GoogleToken> {
  const type = call.isJson ? "application/json" : "application/x-www-form-urlencoded";
  const answer = await http.callJson(
    {
      service: call.service,
      name: call.name,
      method: "POST",
      url: call.url,
      headers: { "content-type": type, ...call.headers },
      body: call.isJson ? JSON.stringify(call.parameters) : new URLSearchParams(call.parameters).toString(),
      field: call.field,
      subject: "an access token",
      errorOf: (failure, details) => refusedExchange(call, failure, details),
    },
    signal,
  );
  return tokenIn(answer, clock, call.service);
}

/** Reads `access_token` and `expires_in`. @throws Transient where there is no token. */
export function tokenIn(answer: Readonly<Record<string, unknown>>, clock: Clock, service: string): GoogleToken {
  const { access_token: token, expires_in: seconds } = answer;
  if (typeof token !== "string" || token === "") {
    throw new Transient(`the answer of ${service} holds no access token`);
  }
  const lifetime = Number(seconds ?? 3_600);
  return { token, expiresAtMs: clock.now() + (Number.isFinite(lifetime) ? lifetime : 3_600) * 1_000 };
}

function refusedExchange(call: TokenCall, failure: GoogleFailure, details: SyncErrorDetails): SyncError {
  const code = failure.oauthError ?? failure.code;
  if (code === undefined) return notThere(call.service, call.field, failure, details);
  return new AccessDenied(`${call.service} refuses the credentials of ${call.field} (${code})`, {
    ...details,
    field: call.field,
    remedy: call.remedy,
  });
}

/** An answer that is no error of Google's proves nothing. */
function notThere(service: string, field: string, failure: GoogleFailure, details: SyncErrorDetails): SyncError {
  return new Transient(`the answer (HTTP ${failure.status}) is not that of ${service}`, {
    ...details,
    field,
    remedy: "check that no proxy answers in its place",
  });
}

/** Whom to impersonate, and as whom. */
export interface Impersonation {
  /** E-mail address of the service account. */
  readonly account: string;
  /** Accounts in between, in order. */
  readonly delegates?: readonly string[];
  /** Default 3600. */
  readonly lifetimeSeconds?: number;
  /** The field that names the account. */
  readonly field: string;
}

/**
 * The access token of a service account, by IAM.
 * @throws AccessDenied where the caller may not; InvalidConfiguration where there is no such account.
 */
export async function impersonate(
  { http, endpoints, clock }: AuthTools,
  caller: GoogleToken,
  { account, delegates = [], lifetimeSeconds = 3_600, field }: Impersonation,
  signal: AbortSignal,
): Promise<GoogleToken> {
  const service = "Google IAM";
  const answer = await http.callJson(
    {
      service,
      name: "GenerateAccessToken",
      method: "POST",
      url: `${endpoints.iamCredentials}/v1/projects/-/serviceAccounts/${encodeURIComponent(account)}:generateAccessToken`,
      headers: { "content-type": "application/json", authorization: `Bearer ${caller.token}` },
      body: JSON.stringify({
        scope: [SCOPE],
        lifetime: `${lifetimeSeconds}s`,
        ...(delegates.length === 0 ? {} : { delegates: delegates.map((name) => `projects/-/serviceAccounts/${name}`) }),
      }),
      field,
      subject: `a token of service account ${account}`,
      errorOf: (failure, details) => refusedImpersonation(account, field, failure, details),
    },
    signal,
  );
  const { accessToken, expireTime } = answer;
  if (typeof accessToken !== "string") throw new Transient(`the answer of ${service} holds no access token`);
  const end = typeof expireTime === "string" ? Date.parse(expireTime) : Number.NaN;
  return {
    token: accessToken,
    expiresAtMs: Number.isNaN(end) ? clock.now() + lifetimeSeconds * 1_000 : end,
    ...(caller.quotaProject === undefined ? {} : { quotaProject: caller.quotaProject }),
  };
}

function refusedImpersonation(
  account: string,
  field: string,
  failure: GoogleFailure,
  details: SyncErrorDetails,
): SyncError {
  const { status, code } = failure;
  if (code === undefined) return notThere("Google IAM", field, failure, details);
  if (status === 401 || status === 403) {
    return new AccessDenied(
      `Google IAM does not let the store's identity act as ${account} (${failure.reason ?? code})`,
      {
        ...details,
        field,
        remedy: `grant it roles/iam.workloadIdentityUser or roles/iam.serviceAccountTokenCreator (iam.serviceAccounts.getAccessToken) on ${account}`,
      },
    );
  }
  return new InvalidConfiguration(`Google IAM knows no usable service account ${account} (${code})`, {
    ...details,
    field,
    remedy: "correct the service account's address, or create it",
  });
}
