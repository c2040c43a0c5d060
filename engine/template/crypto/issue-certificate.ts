/** Issues X.509 certificates as sprig does with Go's crypto/x509, byte for byte but for what is random. */
import { hash, sign } from "node:crypto";
import { GoError } from "../go-value.ts";
import { unsignedOf } from "./der-reader.ts";
import {
  bitString,
  element,
  integer,
  nullValue,
  octetString,
  oid,
  sequence,
  tags,
  time,
  trueValue,
} from "./der-writer.ts";
import { isAscii, nameOfCommonName } from "./distinguished-name.ts";
import type { Pkcs8PrivateKey, PrivateKey } from "./private-key.ts";
import { keyObject, publicKeyBytes, publicKeyInfo } from "./public-key-info.ts";

/** What a certificate shall say. */
export interface CertificateRequest {
  /** A Go string; empty: the subject is empty. */
  readonly commonName: string;
  /** 4 or 16 bytes each. */
  readonly ipAddresses: readonly Uint8Array[];
  /** Go strings. */
  readonly dnsNames: readonly string[];
  /** Whether it may sign others. */
  readonly isCa: boolean;
  /** Unix time in seconds. */
  readonly notBefore: bigint;
  readonly notAfter: bigint;
  readonly randomBytes: (length: number) => Uint8Array;
}

/** Who signs; unset parts: the certificate signs itself. */
export interface Issuer {
  readonly key: PrivateKey;
  /** The subject in DER. */
  readonly rawSubject: Uint8Array;
  readonly rawPublicKey: Uint8Array;
  readonly subjectKeyId: Uint8Array | undefined;
}

const extensionOids = {
  subjectKeyId: "2.5.29.14",
  keyUsage: "2.5.29.15",
  alternativeNames: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  authorityKeyId: "2.5.29.35",
  extendedKeyUsage: "2.5.29.37",
} as const;

const SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1";
const CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";

/**
 * @param issuer unset: the certificate is signed by its own key.
 * @returns DER
 * @throws GoError with crypto/x509's wording.
 */
export function issueCertificate(request: CertificateRequest, key: PrivateKey, issuer?: Issuer): Uint8Array {
  const subjectKey = withPublicKey(key);
  const signingKey = withPublicKey(issuer?.key ?? key);
  const signature = signatureOf(signingKey);
  const subject = nameOfCommonName(request.commonName);
  const publicKey = publicKeyInfo(subjectKey);
  if (issuer !== undefined && !Buffer.from(publicKeyInfo(signingKey)).equals(issuer.rawPublicKey)) {
    throw new GoError("x509: provided PrivateKey doesn't match parent's PublicKey");
  }
  const issuerName = issuer?.rawSubject ?? subject;
  const signed = sequence(
    element(tags.context(0), integer(2)),
    integer(unsignedOf(request.randomBytes(16))),
    signature.algorithm,
    issuerName,
    sequence(time(request.notBefore), time(request.notAfter)),
    subject,
    publicKey,
    element(tags.context(3), sequence(...extensions(request, subjectKey, subject, issuer))),
  );
  const bytes = sign(signature.digest, signed, keyObject(signingKey));
  return sequence(signed, signature.algorithm, bitString(bytes));
}

function withPublicKey(key: PrivateKey): Pkcs8PrivateKey {
  if (key.kind === "dsa") throw new GoError("x509: certificate private key does not implement crypto.Signer");
  return key;
}

function signatureOf(key: Pkcs8PrivateKey): { readonly algorithm: Uint8Array; readonly digest: string | null } {
  switch (key.kind) {
    case "rsa":
      return { algorithm: sequence(oid("1.2.840.113549.1.1.11"), nullValue()), digest: "sha256" };
    case "ed25519":
      return { algorithm: sequence(oid("1.3.101.112")), digest: null };
    case "x25519":
      throw new GoError("x509: certificate private key does not implement crypto.Signer");
    case "ecdsa": {
      const bits = { "P-384": 384, "P-521": 512 }[key.curve.name] ?? 256;
      const suffix = { 256: 2, 384: 3, 512: 4 }[bits];
      return { algorithm: sequence(oid(`1.2.840.10045.4.3.${suffix}`)), digest: `sha${bits}` };
    }
  }
}

function extensions(
  request: CertificateRequest,
  key: Pkcs8PrivateKey,
  subject: Uint8Array,
  issuer?: Issuer,
): Uint8Array[] {
  const list = [
    criticalExtension(extensionOids.keyUsage, keyUsage(request.isCa)),
    extension(extensionOids.extendedKeyUsage, sequence(oid(SERVER_AUTHENTICATION), oid(CLIENT_AUTHENTICATION))),
    criticalExtension(extensionOids.basicConstraints, request.isCa ? sequence(trueValue()) : sequence()),
  ];
  if (request.isCa) {
    // RFC 7093, section 2, method 1: the first 160 bits of the key's SHA-256.
    const id = hash("sha256", publicKeyBytes(key), "buffer").subarray(0, 20);
    list.push(extension(extensionOids.subjectKeyId, octetString(id)));
  }
  const issuerKeyId = issuer?.subjectKeyId ?? new Uint8Array();
  if (issuer !== undefined && issuerKeyId.length > 0 && !Buffer.from(issuer.rawSubject).equals(subject)) {
    list.push(extension(extensionOids.authorityKeyId, sequence(element(tags.primitive(0), issuerKeyId))));
  }
  if (request.dnsNames.length > 0 || request.ipAddresses.length > 0) {
    const write = request.commonName === "" ? criticalExtension : extension;
    list.push(write(extensionOids.alternativeNames, alternativeNames(request)));
  }
  return list;
}

const extension = (type: string, value: Uint8Array): Uint8Array => sequence(oid(type), octetString(value));

const criticalExtension = (type: string, value: Uint8Array): Uint8Array =>
  sequence(oid(type), trueValue(), octetString(value));

/** Digital signature and key encipherment, and for a CA the signing of certificates. */
const keyUsage = (isCa: boolean): Uint8Array =>
  isCa ? bitString(Uint8Array.of(0b1010_0100), 2) : bitString(Uint8Array.of(0b1010_0000), 5);

function alternativeNames({ dnsNames, ipAddresses }: CertificateRequest): Uint8Array {
  const names = dnsNames.map((name) => {
    if (!isAscii(name)) throw new GoError("x509: a DNS name cannot be encoded as an IA5String");
    return element(tags.primitive(2), Buffer.from(name, "latin1"));
  });
  return sequence(...names, ...ipAddresses.map((address) => element(tags.primitive(7), address)));
}
