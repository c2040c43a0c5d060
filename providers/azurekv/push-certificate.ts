/** Imports certificates: PKCS#12 without a password, or PEM with its key. */
import { X509Certificate } from "node:crypto";
import { duplexPair } from "node:stream";
import { createSecureContext, TLSSocket } from "node:tls";
import { InvalidConfiguration } from "../errors.ts";
import { wantedTags } from "./push-metadata.ts";
import type { Push } from "./push-value.ts";
import { subjectOf } from "./vault-objects.ts";

const PEM = "-----BEGIN CERTIFICATE-----";

/**
 * Imports a new version, unless the vault has this very certificate already.
 * @throws InvalidConfiguration where the value is no certificate with its key.
 */
export async function pushCertificate(
  { api, key, current, value, settings }: Push,
  signal: AbortSignal,
): Promise<void> {
  const pem = Buffer.from(value).toString("latin1");
  const isPem = pem.includes(PEM);
  const certificate = certificateIn(value, isPem ? pem : undefined, key.remoteKey);
  if (current?.cer !== undefined && certificate.raw.equals(Buffer.from(current.cer, "base64"))) return;
  const contentType = isPem ? "application/x-pem-file" : "application/x-pkcs12";
  const body = {
    value: isPem ? pem : Buffer.from(value).toString("base64"),
    policy: { secret_props: { contentType } },
    tags: wantedTags(settings, current?.tags),
  };
  const path = `certificates/${key.name}/import`;
  await api.call({ method: "POST", path, body, subject: subjectOf(key, "import") }, signal);
}

function certificateIn(value: Uint8Array, pem: string | undefined, remoteKey: string): X509Certificate {
  try {
    return pem === undefined ? certificateOfPkcs12(value) : new X509Certificate(pem.slice(pem.indexOf(PEM)));
  } catch {
    // OpenSSL's message may say what the file holds.
    throw new InvalidConfiguration(`the value for "${remoteKey}" is no certificate that can be imported`, {
      remoteKey,
      remedy: "give PKCS#12 without a password (not encrypted by RC2), or PEM with its PKCS#8 key",
    });
  }
}

/** Node reads PKCS#12 for TLS only: the certificate is that of a connection which is never made. */
function certificateOfPkcs12(file: Uint8Array): X509Certificate {
  const [side] = duplexPair();
  const secureContext = createSecureContext({ pfx: Buffer.from(file), passphrase: "" });
  const socket = new TLSSocket(side, { isServer: true, secureContext });
  try {
    const certificate = socket.getX509Certificate();
    if (certificate === undefined) throw new Error("the file holds no certificate");
    return certificate;
  } finally {
    socket.destroy();
  }
}
