/** A service account's JSON key: what it says, and the tokens that it signs for. */
import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import { InvalidConfiguration } from "../errors.ts";
import { type AuthTools, fetchToken, SCOPE } from "./auth-calls.ts";
import { objectIn } from "./google-failure.ts";
import type { GoogleToken } from "./google-token.ts";

/** A key as Google gives it out; it never prints itself, since a `KeyObject` does not. */
export interface ServiceAccountKey {
  readonly email: string;
  readonly keyId: string | undefined;
  readonly privateKey: KeyObject;
  readonly tokenUri: string;
  readonly project: string | undefined;
}

const DEFAULT_TOKEN_URI = "https://oauth2.googleapis.com/token";
const LIFETIME_SECONDS = 3_600;

/**
 * Reads a key file. `field` is the path of what names it.
 * @throws InvalidConfiguration where it is none; the message holds nothing of it.
 */
export function readServiceAccountKey(bytes: Uint8Array, field: string): ServiceAccountKey {
  const file = objectIn(bytes);
  if (file === undefined) throw unusable(field, "is no JSON object");
  return serviceAccountKeyIn(file, field);
}

/** The same of a file that has been parsed. @throws InvalidConfiguration */
export function serviceAccountKeyIn(file: Readonly<Record<string, unknown>>, field: string): ServiceAccountKey {
  if (file.type !== "service_account") throw unusable(field, 'has not the type "service_account"');
  const text = (name: string) => (typeof file[name] === "string" && file[name] !== "" ? file[name] : undefined);
  const email = text("client_email");
  const pem = text("private_key");
  if (email === undefined || pem === undefined) throw unusable(field, "lacks client_email or private_key");
  const tokenUri = text("token_uri") ?? DEFAULT_TOKEN_URI;
  if (URL.parse(tokenUri)?.protocol !== "https:") throw unusable(field, "has a token_uri that is no https URL");
  return {
    email,
    keyId: text("private_key_id"),
    privateKey: privateKeyOf(pem, field),
    tokenUri,
    project: text("project_id"),
  };
}

function privateKeyOf(pem: string, field: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === "rsa") return key;
  } catch {
    // OpenSSL's message may quote the key.
  }
  throw unusable(field, "holds no RSA private key in PEM");
}

function unusable(field: string, defect: string): InvalidConfiguration {
  return new InvalidConfiguration(`the service account key of ${field} ${defect}`, {
    field,
    remedy: "put the JSON key into the Secret as Google gives it out (gcloud iam service-accounts keys create)",
  });
}

/**
 * An access token for an assertion that the key signs.
 * @throws AccessDenied where Google does not know the key any more; Transient.
 */
export function exchangeAssertion(
  tools: AuthTools,
  key: ServiceAccountKey,
  field: string,
  signal: AbortSignal,
): Promise<GoogleToken> {
  const parameters = {
    grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
    assertion: assertionOf(key, tools.clock.now()),
  };
  const call = {
    service: "Google's token service",
    url: tools.endpoints.oauthToken ?? key.tokenUri,
    parameters,
    field,
    remedy: `put a valid key of ${key.email} into the Secret, and check the controller's clock`,
  };
  return fetchToken(tools, call, signal);
}

/** The audience is the key's own token_uri, wherever it is sent to. */
function assertionOf(key: ServiceAccountKey, nowMs: number): string {
  const issued = Math.floor(nowMs / 1_000);
  const { email, tokenUri } = key;
  return signedToken(key, { iss: email, scope: SCOPE, aud: tokenUri, iat: issued, exp: issued + LIFETIME_SECONDS });
}

/** A JSON web token that the key signs. */
export function signedToken(
  { keyId, privateKey }: ServiceAccountKey,
  claims: Readonly<Record<string, string | number>>,
): string {
  const header = { alg: "RS256", typ: "JWT", ...(keyId === undefined ? {} : { kid: keyId }) };
  const text = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `${text}.${sign("sha256", Buffer.from(text), privateKey).toString("base64url")}`;
}
