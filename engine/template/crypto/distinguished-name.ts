/** X.500 names of certificates: read, written for a common name, and printed as Go's `pkix.Name.String`. */
import { isUtf8 } from "node:buffer";
import { GoError, goString } from "../go-value.ts";
import { DerReader } from "./der-reader.ts";
import { element, oid, sequence, set, tags } from "./der-writer.ts";
import { orMalformed } from "./malformed.ts";

/** One attribute: an OID and its value as a Go string. */
interface Attribute {
  readonly type: string;
  readonly value: string;
}

/** A name's attributes in their order. */
export type DistinguishedName = readonly Attribute[];

const COMMON_NAME = "2.5.4.3";

/** Attributes that Go keeps in fields of their own, in the order in which it writes them, with their short names. */
const KNOWN: ReadonlyMap<string, string> = new Map([
  ["2.5.4.6", "C"],
  ["2.5.4.8", "ST"],
  ["2.5.4.7", "L"],
  ["2.5.4.9", "STREET"],
  ["2.5.4.17", "POSTALCODE"],
  ["2.5.4.10", "O"],
  ["2.5.4.11", "OU"],
  [COMMON_NAME, "CN"],
  ["2.5.4.5", "SERIALNUMBER"],
]);

/** Of these the last value counts and an empty one is left out; the others may have several. */
const SINGLE = new Set([COMMON_NAME, "2.5.4.5"]);

/** @throws GoError with crypto/x509's wording. */
export function readName(der: Uint8Array): DistinguishedName {
  const attributes: Attribute[] = [];
  const names = orMalformed("invalid RDNSequence", () => new DerReader(der).sequence());
  while (!names.isEmpty) {
    const relative = orMalformed("invalid RDNSequence", () => new DerReader(names.read(tags.set)));
    while (!relative.isEmpty) {
      const pair = orMalformed("invalid RDNSequence: invalid attribute", () => relative.sequence());
      const type = orMalformed("invalid RDNSequence: invalid attribute type", () => pair.oid());
      const value = orMalformed("invalid RDNSequence: invalid attribute value", () => pair.any());
      attributes.push({ type, value: stringValue(value.tag, Buffer.from(value.content)) });
    }
  }
  return attributes;
}

/** The DER of a name that has a common name only; of the empty name for an empty one. */
export function nameOfCommonName(commonName: string): Uint8Array {
  if (commonName === "") return sequence();
  return sequence(set(sequence(oid(COMMON_NAME), directoryString(commonName))));
}

/** Go's text of a name: RFC 2253, the last attribute first; attributes that Go has no name for stand last, in hexadecimal. */
export function printName(name: DistinguishedName): string {
  const unknown = name.filter(({ type }) => !KNOWN.has(type)).map(hexadecimalAttribute);
  const known = [...KNOWN].flatMap(([type, label]) => {
    const values = name.filter((attribute) => attribute.type === type).map(({ value }) => value);
    const kept = SINGLE.has(type) ? values.slice(-1).filter((value) => value !== "") : values;
    return kept.length === 0 ? [] : [kept.map((value) => `${label}=${escapeValue(value)}`).join("+")];
  });
  return [...unknown, ...known].reverse().join(",");
}

const hexadecimalAttribute = ({ type, value }: Attribute): string =>
  `${type}=#${Buffer.from(directoryString(value)).toString("hex")}`;

/** Go escapes by byte offset: a space counts as last only where the value ends in it. */
function escapeValue(value: string): string {
  return value.replace(/[,+"\\<>;]|^[ #]| $/g, "\\$&");
}

function directoryString(value: string): Uint8Array {
  const bytes = Buffer.from(value, "latin1");
  if (/^[A-Za-z0-9 '()+,\-./:=?]*$/.test(value)) return element(tags.printableString, bytes);
  if (!isUtf8(bytes)) throw new GoError("asn1: string not valid UTF-8");
  return element(tags.utf8String, bytes);
}

function stringValue(tag: number, bytes: Buffer): string {
  const text = bytes.toString("latin1");
  switch (tag) {
    case tags.t61String:
      return goString(text);
    case tags.printableString:
      return checked(text, /^[A-Za-z0-9 '()+,\-./:=?*&]*$/.test(text), "PrintableString");
    case tags.utf8String:
      return checked(text, isUtf8(bytes), "UTF-8 string");
    case tags.bmpString:
      return bmpText(bytes);
    case tags.ia5String:
      return checked(text, isAscii(text), "IA5String");
    case tags.numericString:
      return checked(text, /^[0-9 ]*$/.test(text), "NumericString");
    default:
      throw attributeError(`unsupported string type: ${tag}`);
  }
}

/** UCS-2, without the zero that may end it. */
function bmpText(bytes: Buffer): string {
  if (bytes.length % 2 !== 0) throw attributeError("invalid BMPString");
  const text = Buffer.from(bytes).swap16().toString("utf16le").replace(/\0$/, "");
  return goString(checked(text, !/[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]/.test(text), "BMPString"));
}

function checked(text: string, isValid: boolean, type: string): string {
  if (!isValid) throw attributeError(`invalid ${type}`);
  return text;
}

const attributeError = (detail: string): GoError =>
  new GoError(`x509: invalid RDNSequence: invalid attribute value: ${detail}`);

/** Whether a Go string is ASCII, which IA5String asks for. */
export const isAscii = (text: string): boolean => !/[\x80-\uffff]/.test(text);
