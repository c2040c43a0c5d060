/** Reads X.509 certificates, refusing what Go's crypto/x509 refuses. */
import { GoError } from "../go-value.ts";
import { type CertificateExtensions, readExtensions } from "./certificate-extensions.ts";
import { DerReader, onlyElement } from "./der-reader.ts";
import { tags } from "./der-writer.ts";
import { type DistinguishedName, readName } from "./distinguished-name.ts";
import { orMalformed } from "./malformed.ts";
import { checkPublicKey } from "./public-key.ts";

/** A certificate. Nothing is verified: neither signature nor trust, time or use. */
export interface Certificate extends CertificateExtensions {
  /** The whole certificate in DER. */
  readonly raw: Uint8Array;
  readonly subject: DistinguishedName;
  /** The subject in DER. */
  readonly rawSubject: Uint8Array;
  /** The SubjectPublicKeyInfo in DER. */
  readonly rawPublicKey: Uint8Array;
}

/**
 * Reads one certificate, which must fill the bytes.
 * @throws GoError with crypto/x509's wording.
 */
export function parseCertificate(der: Uint8Array): Certificate {
  const { certificate, length } = readCertificate(der);
  if (length !== der.length) throw new GoError("x509: trailing data");
  return certificate;
}

/** Reads certificates that follow one another. */
export function parseCertificates(der: Uint8Array): Certificate[] {
  const certificates: Certificate[] = [];
  for (let rest = der; rest.length > 0; ) {
    const { certificate, length } = readCertificate(rest);
    certificates.push(certificate);
    rest = rest.subarray(length);
  }
  return certificates;
}

function readCertificate(der: Uint8Array): { readonly certificate: Certificate; readonly length: number } {
  const outer = orMalformed("malformed certificate", () => sequenceElement(new DerReader(der)));
  const parts = new DerReader(outer.content);
  const signed = orMalformed("malformed tbs certificate", () => sequenceElement(parts));
  const algorithm = orMalformed("malformed algorithm identifier", () => parts.read(tags.sequence));
  const certificate = { raw: outer.raw, ...readSignedPart(new DerReader(signed.content), algorithm) };
  orMalformed("malformed signature", () => parts.bits());
  return { certificate, length: outer.raw.length };
}

function readSignedPart(part: DerReader, outerAlgorithm: Uint8Array): Omit<Certificate, "raw"> {
  const version = readVersion(part);
  const serial = orMalformed("malformed serial number", () => part.integer());
  if (serial < 0n) throw new GoError("x509: negative serial number");
  const algorithm = orMalformed("malformed signature algorithm identifier", () => part.read(tags.sequence));
  if (!Buffer.from(algorithm).equals(outerAlgorithm)) {
    throw new GoError("x509: inner and outer signature algorithm identifiers don't match");
  }
  orMalformed("malformed OID", () => new DerReader(algorithm).oid());
  readName(orMalformed("malformed issuer", () => sequenceElement(part)).raw);
  const validity = orMalformed("malformed validity", () => part.sequence());
  checkTime(validity);
  checkTime(validity);
  const rawSubject = orMalformed("malformed issuer", () => sequenceElement(part)).raw;
  const subject = readName(rawSubject);
  const publicKey = orMalformed("malformed spki", () => sequenceElement(part));
  checkPublicKey(publicKey.content);
  if (version > 1) {
    orMalformed("malformed issuerUniqueID", () => part.optional(tags.primitive(1)));
    orMalformed("malformed subjectUniqueID", () => part.optional(tags.primitive(2)));
  }
  const extensions =
    version === 3 ? orMalformed("malformed extensions", () => part.optional(tags.context(3))) : undefined;
  return { subject, rawSubject, rawPublicKey: publicKey.raw, ...readExtensions(extensions) };
}

function readVersion(part: DerReader): number {
  const version = orMalformed("malformed version", () => {
    const content = part.optional(tags.context(0));
    return content === undefined ? 0 : onlyElement(content, (reader) => reader.smallInteger());
  });
  if (version < 0) throw new GoError("x509: malformed version");
  if (version > 2) throw new GoError("x509: invalid version");
  return version + 1;
}

const UTC_TIME = /^\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])[0-5]\d([0-5]\d)?(Z|[+-]\d{4})$/;
const GENERALIZED_TIME = /^\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])[0-5]\d[0-5]\d(Z|[+-]\d{4})$/;

function checkTime(validity: DerReader): void {
  const tag = validity.peek();
  if (tag !== tags.utcTime && tag !== tags.generalizedTime) throw new GoError("x509: unsupported time format");
  const name = tag === tags.utcTime ? "UTCTime" : "GeneralizedTime";
  const pattern = tag === tags.utcTime ? UTC_TIME : GENERALIZED_TIME;
  const text = Buffer.from(orMalformed(`malformed ${name}`, () => validity.read(tag))).toString("latin1");
  if (!pattern.test(text)) throw new GoError(`x509: malformed ${name}`);
}

function sequenceElement(reader: DerReader): { readonly content: Uint8Array; readonly raw: Uint8Array } {
  const element = reader.any();
  if (element.tag !== tags.sequence) throw new GoError("asn1: structure error: tags don't match");
  return element;
}
