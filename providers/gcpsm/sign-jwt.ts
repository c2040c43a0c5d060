/** Google IAM signs a JSON web token as a service account, whose key nobody has. */
import { AccessDenied, InvalidConfiguration, type SyncError, type SyncErrorDetails, Transient } from "../errors.ts";
import type { AuthTools } from "./auth-calls.ts";
import type { GoogleFailure } from "./google-failure.ts";
import { type GoogleCall, notGoogles } from "./google-http.ts";
import type { GoogleToken } from "./google-token.ts";

/** What to sign, and as whom. */
export interface TokenToSign {
  /** E-mail address of the service account. */
  readonly account: string;
  readonly claims: Readonly<Record<string, string | number>>;
  /** The field that names the account. */
  readonly field: string;
}

/**
 * The signed token.
 * @throws AccessDenied where the caller may not sign as the account; InvalidConfiguration where there is no such account; Transient.
 */
export async function signJwt(
  tools: AuthTools,
  caller: GoogleToken,
  wanted: TokenToSign,
  signal: AbortSignal,
): Promise<string> {
  const { account, claims, field } = wanted;
  const call: GoogleCall = {
    service: "Google IAM",
    method: "POST",
    url: `${tools.endpoints.iamCredentials}/v1/projects/-/serviceAccounts/${encodeURIComponent(account)}:signJwt`,
    headers: { "content-type": "application/json", authorization: `Bearer ${caller.token}` },
    body: JSON.stringify({ payload: JSON.stringify(claims) }),
    field,
    subject: `a signature of service account ${account}`,
    errorOf: (failure, details) => refused(wanted, failure, details),
  };
  const { signedJwt } = await tools.http.callJson(call, signal);
  if (typeof signedJwt === "string" && signedJwt !== "") return signedJwt;
  throw notGoogles(call);
}

function refused({ account, field }: TokenToSign, failure: GoogleFailure, details: SyncErrorDetails): SyncError {
  const { status, code } = failure;
  if (code === undefined) {
    return new Transient(`the answer (HTTP ${status}) is not that of Google IAM`, {
      ...details,
      field,
      remedy: "check that no proxy answers in its place",
    });
  }
  if (status === 401 || status === 403) {
    return new AccessDenied(`Google IAM does not sign as ${account} (${failure.reason ?? code})`, {
      ...details,
      field,
      remedy: `grant the account roles/iam.serviceAccountTokenCreator (iam.serviceAccounts.signJwt) on itself, and enable the IAM Credentials API`,
    });
  }
  return new InvalidConfiguration(`Google IAM knows no usable service account ${account} (${code})`, {
    ...details,
    field,
    remedy: "correct the service account's address, or create it",
  });
}
