/** A PKCS#12 file without a password, as the template function `pemToPkcs12` makes it. */
import { createPrivateKey, randomBytes, X509Certificate } from "node:crypto";
import { parseCertificate } from "../../engine/template/crypto/certificate.ts";
import { parseAnyPrivateKey } from "../../engine/template/crypto/read-private-key.ts";
import { writePkcs12 } from "../../engine/template/crypto/write-pkcs12.ts";

/** Of the PEM of a certificate and its key. */
export function pkcs12Of(pem: string): Uint8Array {
  const key = createPrivateKey(pem).export({ type: "pkcs8", format: "der" });
  const certificate = parseCertificate(new X509Certificate(pem).raw);
  return writePkcs12(parseAnyPrivateKey(key), certificate, [], { password: "", randomBytes, spend: () => {} });
}
