/** Certificates for servers and clients of the ground: one authority, and what it issues. */
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { isIP } from "node:net";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  type JsonGeneralNames,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";

/** A certificate and its private key, both PEM (the key PKCS #8). */
export interface CertificatePem {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

/** A certificate authority that signs certificates of the ground. */
export interface CertificateAuthority extends CertificatePem {
  /** Signs a new certificate for a new P-256 key, valid for servers and for clients. */
  issue(request: CertificateRequest): Promise<CertificatePem>;
}

export interface CertificateRequest {
  /** For Kubernetes: the user name. */
  readonly commonName: string;
  /** For Kubernetes: the groups. */
  readonly organizations?: readonly string[];
  /** DNS names and IP addresses that the server is called by. */
  readonly hosts?: readonly string[];
  /** Default: an hour ago, so that a clock that is behind accepts it. */
  readonly notBefore?: Date;
  /** Default: in a year. */
  readonly notAfter?: Date;
}

const EC_KEY = { name: "ECDSA", namedCurve: "P-256" } as const;
const SIGNING = { name: "ECDSA", hash: "SHA-256" } as const;
const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;

/** Makes a new self-signed authority. */
export async function createCertificateAuthority(commonName = "ground-ca"): Promise<CertificateAuthority> {
  const keys = await webcrypto.subtle.generateKey(EC_KEY, true, ["sign", "verify"]);
  const subject = nameOf(commonName);
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: randomSerial(),
      name: subject,
      notBefore: new Date(Date.now() - HOUR_MS),
      notAfter: new Date(Date.now() + YEAR_MS),
      keys,
      signingAlgorithm: SIGNING,
      extensions: [
        new BasicConstraintsExtension(true, undefined, true),
        new KeyUsagesExtension(
          KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign | KeyUsageFlags.digitalSignature,
          true,
        ),
      ],
    },
    webcrypto,
  );
  return {
    certificatePem: `${certificate.toString("pem")}\n`,
    privateKeyPem: await privateKeyPemOf(keys.privateKey),
    issue: (request) => issueCertificate(request, subject, keys.privateKey),
  };
}

async function issueCertificate(
  request: CertificateRequest,
  issuer: Name,
  signingKey: webcrypto.CryptoKey,
): Promise<CertificatePem> {
  const keys = await webcrypto.subtle.generateKey(EC_KEY, true, ["sign", "verify"]);
  const hosts = request.hosts ?? [];
  const extensions: Extension[] = [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth, ExtendedKeyUsage.serverAuth]),
  ];
  if (hosts.length > 0) extensions.push(new SubjectAlternativeNameExtension(generalNames(hosts)));
  const certificate = await X509CertificateGenerator.create(
    {
      serialNumber: randomSerial(),
      subject: nameOf(request.commonName, request.organizations),
      issuer,
      notBefore: request.notBefore ?? new Date(Date.now() - HOUR_MS),
      notAfter: request.notAfter ?? new Date(Date.now() + YEAR_MS),
      publicKey: keys.publicKey,
      signingKey,
      signingAlgorithm: SIGNING,
      extensions,
    },
    webcrypto,
  );
  return {
    certificatePem: `${certificate.toString("pem")}\n`,
    privateKeyPem: await privateKeyPemOf(keys.privateKey),
  };
}

/** A server's key and certificate with the authority that clients must trust, in one call; for tests of TLS. */
export async function issueServerCertificate(
  hosts: readonly string[] = ["localhost", "127.0.0.1"],
): Promise<CertificatePem & { readonly caPem: string }> {
  const authority = await createCertificateAuthority();
  const issued = await authority.issue({ commonName: hosts[0] ?? "localhost", hosts });
  return { ...issued, caPem: authority.certificatePem };
}

/** A new RSA 2048 key pair, PEM; the API server signs service-account tokens with it (RS256). */
export async function createServiceAccountKeys(): Promise<{
  readonly publicKeyPem: string;
  readonly privateKeyPem: string;
}> {
  const keys = await webcrypto.subtle.generateKey(
    { name: "RSASSA-PKCS1-v1_5", modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: "SHA-256" },
    true,
    ["sign", "verify"],
  );
  const spki = await webcrypto.subtle.exportKey("spki", keys.publicKey);
  return {
    publicKeyPem: `${PemConverter.encode(spki, "PUBLIC KEY")}\n`,
    privateKeyPem: await privateKeyPemOf(keys.privateKey),
  };
}

function nameOf(commonName: string, organizations: readonly string[] = []): Name {
  return new Name([...organizations.map((each) => ({ O: [each] })), { CN: [commonName] }]);
}

function generalNames(hosts: readonly string[]): JsonGeneralNames {
  return hosts.map((value) => ({ type: isIP(value) === 0 ? "dns" : "ip", value }));
}

/** 127 random bits, so that the number is positive and no two of one issuer are equal. */
function randomSerial(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return Buffer.from(bytes).toString("hex");
}

async function privateKeyPemOf(key: webcrypto.CryptoKey): Promise<string> {
  return `${PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY")}\n`;
}
