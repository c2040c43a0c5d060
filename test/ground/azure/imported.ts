/** What the emulated vault makes of imported certificates and keys. */
import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { duplexPair } from "node:stream";
import { createSecureContext, TLSSocket } from "node:tls";
import { vaultFault } from "./azure-message.ts";

const PEM_CERTIFICATE = "-----BEGIN CERTIFICATE-----";

/** Whether the value of an import is PEM; else it is PKCS#12 in base64. */
export function isPem(value: string): boolean {
  return value.includes(PEM_CERTIFICATE);
}

/** The certificate of an import, which has to come with its key. @throws AzureFault */
export function importedCertificate(value: string): X509Certificate {
  try {
    if (!isPem(value)) return certificateOfPkcs12(Buffer.from(value, "base64"));
    const certificate = new X509Certificate(value.slice(value.indexOf(PEM_CERTIFICATE)));
    // Key Vault reads PKCS#8 only.
    const [key = ""] = /-----BEGIN PRIVATE KEY-----[\s\S]+?-----END PRIVATE KEY-----/.exec(value) ?? [];
    if (!certificate.checkPrivateKey(createPrivateKey(key))) throw new Error("the key is not that of the certificate");
    return certificate;
  } catch {
    throw vaultFault(
      400,
      "BadParameter",
      "The specified PEM or PFX X.509 certificate content is in an unexpected format.",
    );
  }
}

function certificateOfPkcs12(pfx: Buffer): X509Certificate {
  const [side] = duplexPair();
  const socket = new TLSSocket(side, { isServer: true, secureContext: createSecureContext({ pfx, passphrase: "" }) });
  const certificate = socket.getX509Certificate();
  socket.destroy();
  if (certificate === undefined) throw new Error("no certificate");
  return certificate;
}

/** The public part of an imported key, which is all that a vault shows. @throws AzureFault */
export function importedKey(jwk: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  try {
    const key = { ...jwk, ...(jwk.crv === "P-256K" ? { crv: "secp256k1" } : {}) };
    if (jwk.kty !== "RSA" && jwk.kty !== "EC") throw new Error("a vault takes no other keys");
    const { kty, n, e, x, y } = createPublicKey(createPrivateKey({ key, format: "jwk" })).export({ format: "jwk" });
    return kty === "RSA" ? { kty, n, e } : { kty, crv: jwk.crv, x, y };
  } catch {
    throw vaultFault(400, "BadParameter", "The key is not valid.");
  }
}
