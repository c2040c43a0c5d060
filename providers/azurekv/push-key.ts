/** Imports keys: PEM private keys as JWK, anything else as a symmetric key. */
import { createPrivateKey } from "node:crypto";
import { InvalidConfiguration } from "../errors.ts";
import { wantedTags } from "./push-metadata.ts";
import type { Push } from "./push-value.ts";
import { subjectOf } from "./vault-objects.ts";

type Jwk = Readonly<Record<string, unknown>>;

const KEY = /-----BEGIN ((?:RSA |EC )?PRIVATE KEY)-----[\s\S]+?-----END \1-----/;

/**
 * Imports a new version, unless the vault has this very key already.
 * @throws InvalidConfiguration where the value is PEM, and no RSA or elliptic-curve private key.
 */
export async function pushKey({ api, key, current, value, settings }: Push, signal: AbortSignal): Promise<void> {
  const jwk = jwkOf(value, key.remoteKey);
  if (current?.key !== undefined && isSameKey(jwk, current.key)) return;
  const body = { key: jwk, attributes: { enabled: true }, tags: wantedTags(settings, current?.tags) };
  await api.call({ method: "PUT", path: `keys/${key.name}`, body, subject: subjectOf(key, "import") }, signal);
}

function jwkOf(value: Uint8Array, remoteKey: string): Jwk {
  const text = Buffer.from(value).toString("latin1");
  if (!text.includes("-----BEGIN ")) return { kty: "oct", k: Buffer.from(value).toString("base64url") };
  const jwk = parsed(KEY.exec(text)?.[0]);
  if (jwk?.kty === "RSA" || jwk?.kty === "EC") {
    // Azure's own name of the curve.
    return jwk.crv === "secp256k1" ? { ...jwk, crv: "P-256K" } : jwk;
  }
  throw new InvalidConfiguration(`the value for "${remoteKey}" is no private key that can be imported`, {
    remoteKey,
    remedy: "give an RSA or elliptic-curve private key as PEM, without a passphrase",
  });
}

function parsed(pem: string | undefined): Jwk | undefined {
  try {
    return pem === undefined ? undefined : { ...createPrivateKey(pem).export({ format: "jwk" }) };
  } catch {
    // OpenSSL's message may say what the file holds; the caller says what is wrong.
    return undefined;
  }
}

/** By the public parts, which is all that a vault shows. A symmetric key it does not show at all. */
function isSameKey(jwk: Jwk, current: Jwk): boolean {
  const parts = jwk.kty === "RSA" ? ["n", "e"] : ["crv", "x", "y"];
  const kty = String(current.kty).replace(/-HSM$/, "");
  return jwk.kty === kty && jwk.kty !== "oct" && parts.every((part) => jwk[part] === current[part]);
}
