/** Proves an application's identity by its certificate: a signed assertion in place of a client secret. */
import { constants, createPrivateKey, type KeyObject, randomUUID, sign, X509Certificate } from "node:crypto";
import type { StoreContext } from "../contract.ts";
import { InvalidConfiguration, SyncError } from "../errors.ts";

/** An RSA certificate and its key. */
export interface ClientCertificate {
  readonly certificate: X509Certificate;
  readonly privateKey: KeyObject;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;
const PRIVATE_KEY = /-----BEGIN ((?:RSA )?PRIVATE KEY)-----[\s\S]+?-----END \1-----/;
/** An assertion is used at once. */
const LIFETIME_SECONDS = 600;

/** Read by the functions that ExternalSecrets' templates read PKCS#12 with: Node itself gives no key of such a file away. */
const PKCS12_TO_PEM = "{{ pkcs12key .client.certificate }}{{ pkcs12cert .client.certificate }}";

/**
 * The PEM of a file that is PEM already, or PKCS#12 without a password.
 * @throws InvalidConfiguration that quotes nothing of it.
 */
export async function clientCertificatePem(
  file: Uint8Array,
  field: string,
  { renderTemplate }: Pick<StoreContext, "renderTemplate">,
): Promise<Uint8Array> {
  if (Buffer.from(file).includes("-----BEGIN ")) return file;
  try {
    return await renderTemplate(field, PKCS12_TO_PEM, { client: new Map([["certificate", file]]) });
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    const remedy = "give certificate and key as PEM, or as PKCS#12 without a password";
    throw refused(field, "is neither PEM nor PKCS#12 without a password", remedy);
  }
}

/**
 * Reads PEM: a certificate and its RSA key, in any order, with or without the chain.
 * @throws InvalidConfiguration that quotes nothing of it.
 */
export function readClientCertificate(pem: Uint8Array, field: string): ClientCertificate {
  const text = Buffer.from(pem).toString("latin1");
  const key = PRIVATE_KEY.exec(text)?.[0];
  const certificates = text.match(CERTIFICATE) ?? [];
  if (key === undefined)
    throw refused(field, "holds no unencrypted RSA key", "add the key as PEM, without a passphrase");
  const privateKey = parsed(() => createPrivateKey(key), field);
  if (privateKey.asymmetricKeyType !== "rsa") {
    throw refused(field, "holds a key that is not RSA", "use an RSA certificate: Microsoft Entra ID takes no other");
  }
  const certificate = certificates
    .map((each) => parsed(() => new X509Certificate(each), field))
    .find((each) => each.checkPrivateKey(privateKey));
  if (certificate === undefined) throw refused(field, "holds no certificate of its key", "add the certificate as PEM");
  return { certificate, privateKey };
}

/** A JWT for the token endpoint `audience`, valid for ten minutes. */
export function clientAssertion(
  { certificate, privateKey }: ClientCertificate,
  { clientId, audience, nowMs }: { readonly clientId: string; readonly audience: string; readonly nowMs: number },
): string {
  const now = Math.floor(nowMs / 1_000);
  const thumbprint = Buffer.from(certificate.fingerprint256.replaceAll(":", ""), "hex").toString("base64url");
  const head = encoded({ alg: "PS256", typ: "JWT", "x5t#S256": thumbprint });
  const claims = { aud: audience, iss: clientId, sub: clientId, jti: randomUUID(), iat: now, nbf: now };
  const signed = `${head}.${encoded({ ...claims, exp: now + LIFETIME_SECONDS })}`;
  const signature = sign("sha256", Buffer.from(signed), {
    key: privateKey,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  });
  return `${signed}.${signature.toString("base64url")}`;
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function parsed<T>(parse: () => T, field: string): T {
  try {
    return parse();
  } catch {
    // OpenSSL's message may say what the file holds.
    throw refused(
      field,
      "holds PEM that cannot be read",
      "give certificate and key as PEM, the key without a passphrase",
    );
  }
}

function refused(field: string, defect: string, remedy: string): InvalidConfiguration {
  return new InvalidConfiguration(`the client certificate ${defect}`, { field, remedy });
}
