/** Google's OAuth 2 endpoint for keys and refresh tokens, GKE's exchange of tokens, and IAM's impersonation. */
import { isInTime, isSignedBy, isSignedByOneOf, type JsonWebKeySet, parseToken } from "../azure/json-web-token.ts";
import { apiFault, type GoogleAnswer, type GoogleRequest, oauthFault, parametersOf } from "./google-message.ts";
import type { Principals } from "./principals.ts";

/** A GKE cluster that the emulator knows. */
export interface Cluster {
  /** `PROJECT.svc.id.goog`. */
  readonly pool: string;
  /** `https://container.googleapis.com/v1/projects/P/locations/L/clusters/C`. */
  readonly provider: string;
  readonly jwks: JsonWebKeySet;
}

export interface TokenState {
  readonly principals: Principals;
  /** Undefined: tokens are not checked for their times. */
  readonly now: (() => number) | undefined;
  readonly clusters: Cluster[];
  /** Principals by refresh tokens. */
  readonly refreshTokens: Map<string, string>;
}

const TOKEN_URI = "https://oauth2.googleapis.com/token";

/** `POST /token`. */
export function oauthToken(request: GoogleRequest, state: TokenState): GoogleAnswer {
  const parameters = parametersOf(request);
  switch (parameters.get("grant_type")) {
    case "urn:ietf:params:oauth:grant-type:jwt-bearer":
      return { body: state.principals.issue(signerOf(parameters.get("assertion") ?? "", state)) };
    case "refresh_token": {
      const principal = state.refreshTokens.get(parameters.get("refresh_token") ?? "");
      if (principal === undefined) throw oauthFault("invalid_grant", "Token has been expired or revoked.");
      return { body: state.principals.issue(principal) };
    }
    default:
      throw oauthFault("unsupported_grant_type", "Invalid grant_type");
  }
}

function signerOf(assertion: string, { principals, now }: TokenState): string {
  const token = parseToken(assertion);
  if (token === undefined) throw oauthFault("invalid_grant", "Invalid JWT: Failed to parse");
  const account = principals.account(String(token.claims.iss));
  if (account === undefined) throw oauthFault("invalid_grant", "Invalid grant: account not found");
  // The key's id is a hint only, and Google's own library leaves it out.
  const keys = [...account.keys].filter(([id]) => token.head.kid === undefined || token.head.kid === id);
  if (!keys.some(([, key]) => isSignedBy(token, key))) throw oauthFault("invalid_grant", "Invalid JWT Signature.");
  if (token.claims.aud !== TOKEN_URI) throw oauthFault("invalid_grant", "Invalid JWT: wrong audience");
  if (typeof token.claims.scope !== "string") throw oauthFault("invalid_scope", "Invalid OAuth scope");
  if (now !== undefined && !isInTime(token, now())) {
    throw oauthFault("invalid_grant", "Invalid JWT: Token must be a short-lived token (60 minutes)");
  }
  return `serviceAccount:${account.email}`;
}

/** `POST /v1/identitybindingtoken`. */
export function identityBindingToken(request: GoogleRequest, { principals, clusters, now }: TokenState): GoogleAnswer {
  const parameters = parametersOf(request);
  const audience = parameters.get("audience");
  const cluster = clusters.find(({ pool, provider }) => audience === `identitynamespace:${pool}:${provider}`);
  if (cluster === undefined) throw oauthFault("invalid_target", "The target service indicated is invalid");
  const token = parseToken(parameters.get("subject_token") ?? "");
  if (token === undefined || !isSignedByOneOf(token, cluster.jwks)) throw oauthFault("invalid_grant", "Invalid token");
  if (![token.claims.aud].flat().includes(cluster.pool)) throw oauthFault("invalid_grant", "Wrong audience");
  if (now !== undefined && !isInTime(token, now())) throw oauthFault("invalid_grant", "Expired token");
  const [, , namespace, name] = String(token.claims.sub).split(":");
  return { body: principals.issue(`serviceAccount:${cluster.pool}[${namespace}/${name}]`) };
}

/** `POST /v1/projects/-/serviceAccounts/EMAIL:generateAccessToken`. */
export function generateAccessToken(request: GoogleRequest, email: string, { principals }: TokenState): GoogleAnswer {
  const caller = principals.authenticate(request);
  const account = principals.account(email);
  if (account === undefined) throw apiFault("NOT_FOUND", `Not found; Gaia id not found for email ${email}`);
  const { delegates = [], lifetime = "3600s" } = JSON.parse(request.body) as {
    readonly delegates?: readonly string[];
    readonly lifetime?: string;
  };
  const chain = [...delegates.map((name) => name.slice(name.lastIndexOf("/") + 1)), email];
  let actor = caller;
  for (const next of chain) {
    if (!principals.account(next)?.impersonators.has(actor)) {
      throw apiFault(
        "PERMISSION_DENIED",
        "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).",
        {
          reason: "IAM_PERMISSION_DENIED",
          metadata: { permission: "iam.serviceAccounts.getAccessToken" },
        },
      );
    }
    actor = `serviceAccount:${next}`;
  }
  const seconds = Number.parseInt(lifetime, 10);
  const { access_token: accessToken } = principals.issue(actor, seconds);
  return { body: { accessToken, expireTime: new Date(Date.now() + seconds * 1_000).toISOString() } };
}
