/** Workload identity federation: a subject token from elsewhere, exchanged at Google's STS, then perhaps impersonation. */
import { type AuthTools, fetchToken, type Impersonation, impersonate, SCOPE } from "./auth-calls.ts";
import type { GoogleToken } from "./google-token.ts";

/** What is exchanged, and for what. */
export interface ExternalAccount {
  /** Full name of the workload identity provider. */
  readonly audience: string;
  readonly subjectTokenType: string;
  readonly subjectToken: (signal: AbortSignal) => Promise<string>;
  /** Address of the STS; default that of `googleapis.com`. */
  readonly tokenUrl?: string;
  readonly impersonation?: Omit<Impersonation, "field">;
  /** Credentials of an OAuth client, for workforce pools. */
  readonly client?: { readonly id: string; readonly secret: string };
  /** Project that is billed, for workforce pools without a client. */
  readonly userProject?: string;
  /** Project that is billed for the calls made with the token. */
  readonly quotaProject?: string;
  /** The field of the store that leads here. */
  readonly field: string;
}

export const JWT_TYPE = "urn:ietf:params:oauth:token-type:jwt";
export const AWS_TYPE = "urn:ietf:params:aws:token-type:aws4_request";

/** @throws AccessDenied where the pool refuses the subject, or the subject may not impersonate. */
export async function externalAccountToken(
  tools: AuthTools,
  account: ExternalAccount,
  signal: AbortSignal,
): Promise<GoogleToken> {
  const { client, field } = account;
  const call = {
    service: "Google's Security Token Service",
    name: "GenerateIDBindToken",
    url: account.tokenUrl ?? `${tools.endpoints.sts}/v1/token`,
    parameters: {
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      requested_token_type: "urn:ietf:params:oauth:token-type:access_token",
      audience: account.audience,
      subject_token_type: account.subjectTokenType,
      subject_token: await account.subjectToken(signal),
      scope: SCOPE,
      ...(client === undefined && account.userProject !== undefined
        ? { options: JSON.stringify({ userProject: account.userProject }) }
        : {}),
    },
    ...(client === undefined ? {} : { headers: { authorization: basic(client) } }),
    field,
    remedy: `check the audience, and issuer, audiences and attribute condition of the workload identity provider ${account.audience}, and the clocks on both sides`,
  };
  const federated = await fetchToken(tools, call, signal);
  const billed = account.quotaProject === undefined ? federated : { ...federated, quotaProject: account.quotaProject };
  const { impersonation } = account;
  return impersonation === undefined ? billed : impersonate(tools, billed, { ...impersonation, field }, signal);
}

function basic({ id, secret }: { readonly id: string; readonly secret: string }): string {
  const text = `${encodeURIComponent(id)}:${encodeURIComponent(secret)}`;
  return `Basic ${Buffer.from(text).toString("base64")}`;
}
