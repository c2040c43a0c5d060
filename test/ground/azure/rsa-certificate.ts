/** A self-signed RSA certificate with its key, as applications log in with and vaults import. */
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { PemConverter, X509CertificateGenerator } from "@peculiar/x509";

const ALGORITHM = {
  name: "RSASSA-PKCS1-v1_5",
  modulusLength: 2048,
  publicExponent: Uint8Array.of(1, 0, 1),
  hash: "SHA-256",
} as const;

/** PEM: the certificate, then its PKCS#8 key. Valid from 2024 to 2040, so that clocks of tests lie in between. */
export async function rsaCertificate(commonName = "app"): Promise<string> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      name: `CN=${commonName}`,
      notBefore: new Date(Date.UTC(2024, 0, 1)),
      notAfter: new Date(Date.UTC(2040, 0, 1)),
      keys,
      signingAlgorithm: ALGORITHM,
    },
    webcrypto,
  );
  const key = PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
  return `${certificate.toString("pem")}\n${key}\n`;
}
