/** Google's Security Token Service: subject tokens of other issuers, and of AWS, for federated ones. */
import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { isInTime, isSignedByOneOf, type JsonWebKeySet, parseToken } from "../azure/json-web-token.ts";
import { type GoogleAnswer, type GoogleRequest, oauthFault, parametersOf } from "./google-message.ts";
import type { TokenState } from "./token-endpoints.ts";

/** A workload identity provider. */
export interface IdentityProvider {
  /** `//iam.googleapis.com/projects/N/locations/global/workloadIdentityPools/POOL/providers/NAME`. */
  readonly audience: string;
  /** Issuer of OpenID tokens, and its keys. */
  readonly oidc?: {
    readonly issuer: string;
    readonly jwks: JsonWebKeySet;
    /** Default: the provider's own name, with `https:` or without. */
    readonly allowedAudiences?: readonly string[];
  };
  /** Address of the STS that GetCallerIdentity requests are sent on to. */
  readonly awsEndpoint?: string;
}

const JWT_TYPES = ["urn:ietf:params:oauth:token-type:jwt", "urn:ietf:params:oauth:token-type:id_token"];
const AWS_TYPE = "urn:ietf:params:aws:token-type:aws4_request";
const GRANT = "urn:ietf:params:oauth:grant-type:token-exchange";

/** `POST /v1/token`. The principal is `principal://…/subject/SUBJECT`. */
export async function exchangeToken(
  asked: GoogleRequest,
  providers: readonly IdentityProvider[],
  state: TokenState,
): Promise<GoogleAnswer> {
  const parameters = parametersOf(asked);
  const parameter = (name: string) => parameters.get(name) ?? "";
  if (parameter("grant_type") !== GRANT) throw oauthFault("unsupported_grant_type", "Invalid grant_type");
  if (parameter("scope") === "") throw oauthFault("invalid_scope", "Scope is missing");
  const provider = providers.find(({ audience }) => audience === parameter("audience"));
  if (provider === undefined) {
    throw oauthFault("invalid_target", 'The target service indicated by the "audience" parameters is invalid.');
  }
  const type = parameter("subject_token_type");
  const subject = JWT_TYPES.includes(type)
    ? oidcSubject(provider, parameter("subject_token"), state)
    : await awsSubject(provider, type, parameter("subject_token"));
  const pool = provider.audience.replace(/\/providers\/.*/, "");
  return {
    body: {
      ...state.principals.issue(`principal:${pool}/subject/${subject}`),
      issued_token_type: "urn:ietf:params:oauth:token-type:access_token",
    },
  };
}

function oidcSubject({ audience, oidc }: IdentityProvider, subject: string, { now }: TokenState): string {
  const token = parseToken(subject);
  if (oidc === undefined || token === undefined) throw oauthFault("invalid_request", "Unable to parse the ID Token.");
  if (token.claims.iss !== oidc.issuer) {
    throw oauthFault("invalid_grant", `The issuer in ID Token ${token.claims.iss} does not match the expected ones.`);
  }
  if (!isSignedByOneOf(token, oidc.jwks)) throw oauthFault("invalid_grant", "Error verifying the signature.");
  const allowed = oidc.allowedAudiences ?? [audience, `https:${audience}`];
  if (![token.claims.aud].flat().some((one) => allowed.includes(String(one)))) {
    throw oauthFault(
      "invalid_grant",
      `The audience in ID Token [${token.claims.aud}] does not match the expected one.`,
    );
  }
  if (now !== undefined && !isInTime(token, now())) throw oauthFault("invalid_grant", "The ID Token has expired.");
  return String(token.claims.sub);
}

interface SignedRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: readonly { readonly key: string; readonly value: string }[];
}

/** The role's or user's ARN, as AWS gives it for the signed request. */
async function awsSubject({ audience, awsEndpoint }: IdentityProvider, type: string, subject: string): Promise<string> {
  if (type !== AWS_TYPE || awsEndpoint === undefined) throw oauthFault("invalid_request", "Invalid subject_token_type");
  const signed = JSON.parse(decodeURIComponent(subject)) as SignedRequest;
  const headers = Object.fromEntries(signed.headers.map(({ key, value }) => [key.toLowerCase(), value]));
  const url = new URL(signed.url);
  if (!/^sts(?:\.[a-z0-9-]+)?\.amazonaws\.com$/.test(url.host) || signed.method !== "POST") {
    throw oauthFault("invalid_grant", "The request is not one to AWS STS.");
  }
  // Google advises to sign it, too, and its own library does not.
  if (headers["x-goog-cloud-target-resource"] !== audience) {
    throw oauthFault("invalid_grant", "The request is not meant for this provider.");
  }
  const arn = await askAws(`${awsEndpoint}${url.pathname}${url.search}`, headers);
  if (arn === undefined) throw oauthFault("invalid_grant", "Received invalid credentials from AWS STS.");
  return arn;
}

/** With the signed headers as they are, `host` among them. */
async function askAws(url: string, headers: Readonly<Record<string, string>>): Promise<string | undefined> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = request(url, { method: "POST", headers, signal: AbortSignal.timeout(5_000) });
    outgoing.on("response", resolve).on("error", reject).end();
  });
  return /<Arn>([^<]+)<\/Arn>/.exec(await text(answer))?.[1];
}
