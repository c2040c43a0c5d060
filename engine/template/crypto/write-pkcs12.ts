/** Writes PKCS#12 files with the algorithms of go-pkcs12's `Modern` encoder: AES-256, PBKDF2 and a MAC with SHA-256. */
import { hash } from "node:crypto";
import { textOf } from "../go-value.ts";
import type { Certificate } from "./certificate.ts";
import { element, integer, octetString, oid, sequence, set, tags } from "./der-writer.ts";
import { printName } from "./distinguished-name.ts";
import { encrypt } from "./pkcs12-encryption.ts";
import { macSaltBytes, writeMac } from "./pkcs12-mac.ts";
import { attributes, bagTypes, contentTypes } from "./pkcs12-oids.ts";
import { type Pkcs12Password, pkcs12Password, type Spend, ucs2 } from "./pkcs12-password.ts";
import type { Pkcs8PrivateKey } from "./private-key.ts";
import { toPkcs8 } from "./write-private-key.ts";

/** What a new file needs from its surroundings. */
export interface Pkcs12Options {
  /** A Go string. */
  readonly password: string;
  readonly randomBytes: (length: number) => Uint8Array;
  readonly spend: Spend;
}

/** A key store: a key, its certificate, and further certificates. */
export function writePkcs12(
  privateKey: Pkcs8PrivateKey,
  certificate: Certificate,
  otherCertificates: readonly Certificate[],
  options: Pkcs12Options,
): Uint8Array {
  const password = pkcs12Password(options.password);
  const keyId = attribute(attributes.localKeyId, octetString(hash("sha1", certificate.raw, "buffer")));
  const key = encrypt(toPkcs8(privateKey), password, options.randomBytes);
  const keyBag = bag(bagTypes.encryptedKey, sequence(key.algorithm, octetString(key.encrypted)), [keyId]);
  const certificateBags = [
    certificateBag(certificate, [keyId]),
    ...otherCertificates.map((other) => certificateBag(other, [])),
  ];
  const safes = [encryptedContent(sequence(...certificateBags), password, options), content(sequence(keyBag))];
  return writeFile(sequence(...safes), password, options);
}

/** A trust store that Java reads: certificates with their subjects as names. */
export function writeTrustStore(certificates: readonly Certificate[], options: Pkcs12Options): Uint8Array {
  const password = pkcs12Password(options.password);
  const trust = attribute(attributes.javaTrustStore, oid(attributes.anyExtendedKeyUsage));
  const bags = certificates.map((certificate) => {
    const name = element(tags.bmpString, ucs2(textOf(printName(certificate.subject))));
    return certificateBag(certificate, [trust, attribute(attributes.friendlyName, name)]);
  });
  return writeFile(sequence(encryptedContent(sequence(...bags), password, options)), password, options);
}

function writeFile(safe: Uint8Array, password: Pkcs12Password, { randomBytes, spend }: Pkcs12Options): Uint8Array {
  const mac = writeMac(safe, password, randomBytes(macSaltBytes), spend);
  return sequence(integer(3), content(safe), mac);
}

/** ContentInfo of plain data. */
const content = (data: Uint8Array): Uint8Array =>
  sequence(oid(contentTypes.data), element(tags.context(0), octetString(data)));

/** ContentInfo of encrypted data. */
function encryptedContent(data: Uint8Array, password: Pkcs12Password, { randomBytes }: Pkcs12Options): Uint8Array {
  const { algorithm, encrypted } = encrypt(data, password, randomBytes);
  const info = sequence(oid(contentTypes.data), algorithm, element(tags.primitive(0), encrypted));
  return sequence(oid(contentTypes.encryptedData), element(tags.context(0), sequence(integer(0), info)));
}

const attribute = (type: string, value: Uint8Array): Uint8Array => sequence(oid(type), set(value));

function certificateBag(certificate: Certificate, bagAttributes: readonly Uint8Array[]): Uint8Array {
  const value = sequence(oid(bagTypes.x509), element(tags.context(0), octetString(certificate.raw)));
  return bag(bagTypes.certificate, value, bagAttributes);
}

/** go-pkcs12 writes the attributes also where there are none. */
function bag(type: string, value: Uint8Array, bagAttributes: readonly Uint8Array[]): Uint8Array {
  return sequence(oid(type), element(tags.context(0), value), setOf(bagAttributes));
}

/** DER sorts the elements of a SET OF. */
const setOf = (elements: readonly Uint8Array[]): Uint8Array => set(...elements.toSorted(Buffer.compare));
