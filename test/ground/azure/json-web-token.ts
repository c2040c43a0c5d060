/** Makes and checks JSON web tokens: those that the emulator issues, and those that clients prove themselves by. */
import {
  constants,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";

/** A key set, as `/openid/v1/jwks` of a Kubernetes API server serves it. */
export interface JsonWebKeySet {
  readonly keys: readonly (JsonWebKey & { readonly kid?: string })[];
}

export type Claims = Readonly<Record<string, unknown>>;

/** A token taken apart, not yet checked. */
export interface ParsedToken {
  readonly head: Claims;
  readonly claims: Claims;
  readonly signed: string;
  readonly signature: Buffer;
}

/** Undefined where the text is no token. */
export function parseToken(text: string): ParsedToken | undefined {
  const [head = "", claims = "", signature = "", ...rest] = text.split(".");
  const parsedHead = parseSegment(head);
  const parsedClaims = parseSegment(claims);
  if (parsedHead === undefined || parsedClaims === undefined || signature === "" || rest.length > 0) return undefined;
  return {
    head: parsedHead,
    claims: parsedClaims,
    signed: `${head}.${claims}`,
    signature: Buffer.from(signature, "base64url"),
  };
}

function parseSegment(text: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Claims) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the key has signed the token by the algorithm that it names. */
export function isSignedBy(token: ParsedToken, key: KeyObject): boolean {
  const data = Buffer.from(token.signed);
  switch (token.head.alg) {
    case "RS256":
      return verify("sha256", data, key, token.signature);
    case "PS256":
      return verify("sha256", data, { key, padding: constants.RSA_PKCS1_PSS_PADDING }, token.signature);
    case "ES256":
      return verify("sha256", data, { key, dsaEncoding: "ieee-p1363" }, token.signature);
    default:
      return false;
  }
}

/** The same for the key of a set that the token names. */
export function isSignedByOneOf(token: ParsedToken, jwks: JsonWebKeySet): boolean {
  const key = jwks.keys.find(({ kid }) => kid === token.head.kid);
  return key !== undefined && isSignedBy(token, createPublicKey({ key, format: "jwk" }));
}

/** Clocks may differ by so much. */
const SKEW_MS = 300_000;

/** Whether the token has begun and not ended. */
export function isInTime({ claims }: ParsedToken, nowMs: number): boolean {
  const { exp, nbf = 0 } = claims;
  return typeof exp === "number" && typeof nbf === "number" && nbf * 1_000 <= nowMs + SKEW_MS && nowMs < exp * 1_000;
}

/** Issues tokens with a key of its own, and knows them again. */
export interface TokenIssuer {
  issue(claims: Claims): string;
  /** The claims of an own token; undefined for any other. */
  check(text: string): ParsedToken | undefined;
}

export function createIssuer(): TokenIssuer {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return {
    issue(claims) {
      const signed = `${encode({ alg: "RS256", typ: "JWT" })}.${encode(claims)}`;
      return `${signed}.${sign("sha256", Buffer.from(signed), privateKey).toString("base64url")}`;
    },
    check(text) {
      const token = parseToken(text);
      return token !== undefined && isSignedBy(token, publicKey) ? token : undefined;
    },
  };
}
