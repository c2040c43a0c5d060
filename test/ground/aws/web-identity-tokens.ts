/** Service account tokens like a cluster's, with keys made for the test. */
import { generateKeyPairSync, type KeyObject, randomUUID, sign } from "node:crypto";
import type { JsonWebKeySet } from "./emulator/web-identity.ts";

/** Claims to put into a token over the usual ones. */
export interface TokenClaims {
  readonly sub?: string;
  readonly aud?: string | readonly string[];
  readonly iss?: string;
  /** Seconds since the epoch. */
  readonly exp?: number;
}

/** Issues tokens that the key set verifies. */
export interface TokenIssuer {
  readonly jwks: JsonWebKeySet;
  issue(claims: TokenClaims): string;
}

/** A new issuer with an RSA or an elliptic-curve key of its own. */
export function createTokenIssuer(algorithm: "RS256" | "ES256" = "ES256"): TokenIssuer {
  const { publicKey, privateKey } =
    algorithm === "RS256"
      ? generateKeyPairSync("rsa", { modulusLength: 2048 })
      : generateKeyPairSync("ec", { namedCurve: "P-256" });
  const kid = randomUUID();
  return {
    jwks: { keys: [{ ...publicKey.export({ format: "jwk" }), kid }] },
    issue: (claims) => {
      const head = encode({ alg: algorithm, kid, typ: "JWT" });
      const body = encode({ iss: "https://kubernetes.default.svc", aud: ["sts.amazonaws.com"], ...claims });
      return `${head}.${body}.${signature(`${head}.${body}`, privateKey, algorithm)}`;
    },
  };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function signature(text: string, key: KeyObject, algorithm: "RS256" | "ES256"): string {
  const data = Buffer.from(text);
  const bytes =
    algorithm === "RS256" ? sign("sha256", data, key) : sign("sha256", data, { key, dsaEncoding: "ieee-p1363" });
  return bytes.toString("base64url");
}
