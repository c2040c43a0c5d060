/** Reads PKCS#12 files as go-pkcs12's `DecodeChain` does. */
import { timingSafeEqual } from "node:crypto";
import { GoError } from "../go-value.ts";
import { type Certificate, parseCertificates } from "./certificate.ts";
import { DerReader, onlyElement } from "./der-reader.ts";
import { tags } from "./der-writer.ts";
import { decrypt, readAlgorithm } from "./pkcs12-encryption.ts";
import { computeMac, type Pkcs12Mac, readMac } from "./pkcs12-mac.ts";
import { bagTypes, contentTypes } from "./pkcs12-oids.ts";
import { noPassword, type Pkcs12Password, pkcs12Password, type Spend } from "./pkcs12-password.ts";
import type { Pkcs8PrivateKey } from "./private-key.ts";
import { parsePkcs8, within } from "./read-private-key.ts";

/** What a file holds: one key, its certificate, and the certificates that came with it, in the file's order. */
export interface Pkcs12Content {
  readonly privateKey: Pkcs8PrivateKey;
  readonly certificate: Certificate;
  readonly otherCertificates: readonly Certificate[];
}

/**
 * @param file DER; BER is refused.
 * @throws GoError with go-pkcs12's wording; a wrong password is `pkcs12: decryption password incorrect`.
 */
export function readPkcs12(file: Uint8Array, password: string, spend: Spend): Pkcs12Content {
  const { bags, effectivePassword } = readBags(file, pkcs12Password(password), spend);
  const certificates: Certificate[] = [];
  let privateKey: Pkcs8PrivateKey | undefined;
  for (const { type, value } of bags) {
    if (type === bagTypes.certificate) {
      certificates.push(readCertificateBag(value));
    } else if (type === bagTypes.key || type === bagTypes.encryptedKey) {
      if (privateKey !== undefined) throw new GoError("pkcs12: expected exactly one key bag");
      privateKey = type === bagTypes.key ? parsePkcs8(value) : decryptKey(value, effectivePassword, spend);
    }
  }
  const [certificate, ...otherCertificates] = certificates;
  if (certificate === undefined) throw new GoError("pkcs12: certificate missing");
  if (privateKey === undefined) throw new GoError("pkcs12: private key missing");
  return { privateKey, certificate, otherCertificates };
}

interface Bag {
  readonly type: string;
  readonly value: Uint8Array;
}

function readBags(
  file: Uint8Array,
  password: Pkcs12Password,
  spend: Spend,
): { bags: Bag[]; effectivePassword: Pkcs12Password } {
  const { content, mac } = readFile(file);
  const isEmpty = password.utf8.length === 0;
  const effectivePassword = mac === undefined ? password : verifiedPassword(mac, content, password, spend);
  if (mac === undefined && !isEmpty) throw new GoError("pkcs12: no MAC in data");
  const items = only(content, (reader) => readAll(reader.sequence(), readContent));
  if (items.length < 1 || items.length > 2) {
    throw new GoError(
      `pkcs12: expected between 1 and 2 items in the authenticated safe, but this file has ${items.length}`,
    );
  }
  const bags = items.flatMap((item) =>
    only(bagsContent(item, effectivePassword, spend), (reader) => readAll(reader.sequence(), readBag)),
  );
  return { bags, effectivePassword };
}

function readFile(file: Uint8Array): { readonly content: Uint8Array; readonly mac: Pkcs12Mac | undefined } {
  const { version, outer, mac } = within("pkcs12: error reading P12 data", () => {
    const fields = only(file, (reader) => reader.sequence());
    const head = { version: fields.smallInteger(), outer: readContent(fields) };
    return { ...head, mac: fields.isEmpty ? undefined : readMac(fields.sequence()) };
  });
  if (version !== 3) throw new GoError("pkcs12: can only decode v3 PFX PDU's");
  if (outer.type !== contentTypes.data) throw new GoError("pkcs12: only password-protected PFX is implemented");
  return { content: only(outer.content, (reader) => reader.octets()), mac };
}

/** Reads one element that must fill the bytes. */
const only = <Result>(bytes: Uint8Array, read: (reader: DerReader) => Result): Result =>
  onlyElement(bytes, read, "pkcs12: trailing data found");

/** Programs differ in what the empty password is: both forms are tried. */
function verifiedPassword(mac: Pkcs12Mac, content: Uint8Array, password: Pkcs12Password, spend: Spend): Pkcs12Password {
  const candidates = password.utf8.length === 0 ? [password, noPassword] : [password];
  for (const candidate of candidates) {
    const expected = computeMac(mac, content, candidate, spend);
    if (expected.length === mac.digest.length && timingSafeEqual(expected, mac.digest)) return candidate;
  }
  throw new GoError("pkcs12: decryption password incorrect");
}

interface Content {
  readonly type: string;
  readonly content: Uint8Array;
}

function readContent(reader: DerReader): Content {
  const fields = reader.sequence();
  return { type: fields.oid(), content: fields.optional(tags.context(0)) ?? new Uint8Array() };
}

function bagsContent(item: Content, password: Pkcs12Password, spend: Spend): Uint8Array {
  if (item.type === contentTypes.data) return only(item.content, (reader) => reader.octets());
  if (item.type !== contentTypes.encryptedData) {
    throw new GoError("pkcs12: only data and encryptedData content types are supported in authenticated safe");
  }
  const fields = only(item.content, (reader) => reader.sequence());
  if (fields.smallInteger() !== 0) throw new GoError("pkcs12: only version 0 of EncryptedData is supported");
  const info = fields.sequence();
  info.oid();
  const algorithm = readAlgorithm(info);
  return decrypt(algorithm, info.optional(tags.primitive(0)) ?? new Uint8Array(), password, spend);
}

function readBag(reader: DerReader): Bag {
  const fields = reader.sequence();
  return { type: fields.oid(), value: fields.read(tags.context(0)) };
}

function readAll<Item>(reader: DerReader, read: (reader: DerReader) => Item): Item[] {
  const items: Item[] = [];
  while (!reader.isEmpty) items.push(read(reader));
  return items;
}

function readCertificateBag(value: Uint8Array): Certificate {
  const { type, der } = within("pkcs12: error decoding cert bag", () => {
    const fields = only(value, (reader) => reader.sequence());
    return { type: fields.oid(), der: new DerReader(fields.read(tags.context(0))).octets() };
  });
  if (type !== bagTypes.x509) throw new GoError("pkcs12: only X509 certificates are supported in cert bags");
  const [certificate, ...others] = parseCertificates(der);
  if (certificate === undefined || others.length > 0) {
    throw new GoError("pkcs12: expected exactly one certificate in the certBag");
  }
  return certificate;
}

function decryptKey(value: Uint8Array, password: Pkcs12Password, spend: Spend): Pkcs8PrivateKey {
  const { algorithm, encrypted } = within("pkcs12: error decoding PKCS#8 shrouded key bag", () => {
    const fields = only(value, (reader) => reader.sequence());
    return { algorithm: readAlgorithm(fields), encrypted: fields.octets() };
  });
  const der = within("pkcs12: error decrypting PKCS#8 shrouded key bag", () =>
    decrypt(algorithm, encrypted, password, spend),
  );
  within("pkcs12: error unmarshaling decrypted private key", () => only(der, (reader) => reader.any()));
  return within("pkcs12: error parsing PKCS#8 private key", () => parsePkcs8(der));
}
