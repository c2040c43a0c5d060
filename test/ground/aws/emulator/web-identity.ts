/** Checks a web-identity token (a service account's JWT) as AWS STS does for an OIDC provider. */
import { createPublicKey, type JsonWebKey, verify } from "node:crypto";
import { AwsFault } from "../aws-message.ts";

/** A key set, as `/openid/v1/jwks` of a Kubernetes API server serves it. */
export interface JsonWebKeySet {
  readonly keys: readonly (JsonWebKey & { readonly kid?: string })[];
}

/** What the emulator trusts; without it, any well-formed token that has not ended is taken. */
export interface WebIdentityTrust {
  readonly jwks?: JsonWebKeySet;
  /** Required `iss`; unset takes any. */
  readonly issuer?: string;
  /** Accepted audiences; default `sts.amazonaws.com`. */
  readonly audiences?: readonly string[];
}

/** The claims that a role's trust policy looks at. */
export interface WebIdentityClaims {
  readonly subject: string;
  readonly issuer: string;
  readonly audiences: readonly string[];
}

const ALGORITHMS: Readonly<Record<string, { readonly hash: string; readonly dsaEncoding?: "ieee-p1363" }>> = {
  RS256: { hash: "RSA-SHA256" },
  ES256: { hash: "sha256", dsaEncoding: "ieee-p1363" },
};

/**
 * The claims of a token that passed: signature, issuer, audience and end.
 * @throws AwsFault InvalidIdentityToken or ExpiredTokenException, as AWS words them.
 */
export function checkWebIdentityToken(token: string, trust: WebIdentityTrust, nowMs: number): WebIdentityClaims {
  const [header = "", payload = "", signature = "", ...rest] = token.split(".");
  const claims = parseSegment(payload);
  const head = parseSegment(header);
  if (claims === undefined || head === undefined || signature === "" || rest.length > 0) {
    throw invalid("The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)");
  }
  if (trust.jwks !== undefined && !isSignedBy(trust.jwks, head, `${header}.${payload}`, signature)) {
    throw invalid(
      "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements",
    );
  }
  if (typeof claims.exp !== "number" || claims.exp * 1000 <= nowMs) {
    throw new AwsFault(
      "ExpiredTokenException",
      "Token expired: the current date/time must be before the expiration date/time",
    );
  }
  const audiences = [claims.aud].flat().filter((audience): audience is string => typeof audience === "string");
  const accepted = trust.audiences ?? ["sts.amazonaws.com"];
  if (trust.jwks !== undefined && !audiences.some((audience) => accepted.includes(audience))) {
    throw invalid("Incorrect token audience");
  }
  const issuer = String(claims.iss ?? "");
  if (trust.issuer !== undefined && trust.issuer !== issuer) {
    throw invalid("No OpenIDConnect provider found in your account for the token's issuer");
  }
  return { subject: String(claims.sub ?? ""), issuer, audiences };
}

function isSignedBy(jwks: JsonWebKeySet, head: Record<string, unknown>, signed: string, signature: string): boolean {
  const algorithm = ALGORITHMS[String(head.alg)];
  const key = jwks.keys.find((candidate) => candidate.kid === head.kid);
  if (algorithm === undefined || key === undefined) return false;
  const publicKey = createPublicKey({ key, format: "jwk" });
  return verify(
    algorithm.hash,
    Buffer.from(signed),
    algorithm.dsaEncoding === undefined ? publicKey : { key: publicKey, dsaEncoding: algorithm.dsaEncoding },
    Buffer.from(signature, "base64url"),
  );
}

function parseSegment(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function invalid(message: string): AwsFault {
  return new AwsFault("InvalidIdentityToken", message);
}
