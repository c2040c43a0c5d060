/** The extensions of a certificate that templates ask for: key identifiers and alternative names. */
import { UrlFault } from "../functions/url/escape.ts";
import { parseUrl, printUrl } from "../functions/url/go-url.ts";
import { GoError } from "../go-value.ts";
import { bitsOf, DerReader } from "./der-reader.ts";
import { tags } from "./der-writer.ts";
import { isAscii } from "./distinguished-name.ts";
import { orMalformed } from "./malformed.ts";

export interface CertificateExtensions {
  /** Unset: the certificate has none, which is not the same as an empty one. */
  readonly subjectKeyId?: Uint8Array;
  readonly authorityKeyId?: Uint8Array;
  /** The subject's alternative names: Go strings, those of URIs as Go prints them, and 4 or 16 bytes for an address. */
  readonly dnsNames: readonly string[];
  readonly emailAddresses: readonly string[];
  readonly ipAddresses: readonly Uint8Array[];
  readonly uris: readonly string[];
}

interface Extension {
  readonly id: string;
  readonly isCritical: boolean;
  readonly value: Uint8Array;
}

type Found = { -readonly [Name in keyof CertificateExtensions]?: CertificateExtensions[Name] };

const EMPTY: CertificateExtensions = { dnsNames: [], emailAddresses: [], ipAddresses: [], uris: [] };

/** @throws GoError with crypto/x509's wording. */
export function readExtensions(content: Uint8Array | undefined): CertificateExtensions {
  const found: Found = {};
  if (content === undefined) return EMPTY;
  const list = orMalformed("malformed extensions", () => new DerReader(content).sequence());
  const extensions = new Map<string, Extension>();
  while (!list.isEmpty) {
    const extension = readExtension(orMalformed("malformed extension", () => list.sequence()));
    if (extensions.has(extension.id)) {
      throw new GoError(`x509: certificate contains duplicate extension with OID "${extension.id}"`);
    }
    extensions.set(extension.id, extension);
  }
  for (const extension of extensions.values()) Object.assign(found, readers.get(extension.id)?.(extension));
  return { ...EMPTY, ...found };
}

function readExtension(reader: DerReader): Extension {
  const id = orMalformed("malformed extension OID field", () => reader.oid());
  const isCritical = orMalformed("malformed extension critical field", () => optionalBoolean(reader));
  return { id, isCritical, value: orMalformed("malformed extension value field", () => reader.octets()) };
}

function optionalBoolean(reader: DerReader): boolean {
  const content = reader.optional(tags.boolean);
  if (content === undefined) return false;
  if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff))
    throw new GoError("asn1: syntax error: invalid boolean");
  return content[0] === 0xff;
}

const readers: ReadonlyMap<string, (extension: Extension) => Found> = new Map([
  ["2.5.29.14", readSubjectKeyId],
  ["2.5.29.15", readKeyUsage],
  ["2.5.29.17", readAlternativeNames],
  ["2.5.29.19", readBasicConstraints],
  ["2.5.29.35", readAuthorityKeyId],
  ["2.5.29.37", readExtendedKeyUsage],
]);

function readSubjectKeyId({ isCritical, value }: Extension): Found {
  if (isCritical) throw new GoError("x509: subject key identifier incorrectly marked critical");
  return { subjectKeyId: orMalformed("invalid subject key identifier", () => new DerReader(value).octets()) };
}

function readAuthorityKeyId({ isCritical, value }: Extension): Found {
  if (isCritical) throw new GoError("x509: authority key identifier incorrectly marked critical");
  const authorityKeyId = orMalformed("invalid authority key identifier", () =>
    new DerReader(value).sequence().optional(tags.primitive(0)),
  );
  return authorityKeyId === undefined ? {} : { authorityKeyId };
}

function readKeyUsage({ value }: Extension): Found {
  orMalformed("invalid key usage", () => bitsOf(new DerReader(value).read(tags.bitString)));
  return {};
}

function readBasicConstraints({ value }: Extension): Found {
  orMalformed("invalid basic constraints", () => {
    const constraints = new DerReader(value).sequence();
    optionalBoolean(constraints);
    if (constraints.peek() === tags.integer && constraints.integer() < 0n) throw new GoError("negative path length");
  });
  return {};
}

function readExtendedKeyUsage({ value }: Extension): Found {
  orMalformed("invalid extended key usages", () => {
    const usages = new DerReader(value).sequence();
    while (!usages.isEmpty) usages.oid();
  });
  return {};
}

function readAlternativeNames({ value }: Extension): Found {
  const names = {
    dnsNames: [] as string[],
    emailAddresses: [] as string[],
    ipAddresses: [] as Uint8Array[],
    uris: [] as string[],
  };
  const list = orMalformed("invalid subject alternative names", () => new DerReader(value).sequence());
  while (!list.isEmpty) {
    const { tag, content } = orMalformed("invalid subject alternative name", () => list.any());
    const text = Buffer.from(content).toString("latin1");
    switch (tag) {
      case tags.primitive(1):
        names.emailAddresses.push(asciiName(text, "rfc822Name"));
        break;
      case tags.primitive(2):
        names.dnsNames.push(asciiName(text, "dNSName"));
        break;
      case tags.primitive(6):
        names.uris.push(uriName(asciiName(text, "uniformResourceIdentifier")));
        break;
      case tags.primitive(7):
        if (content.length !== 4 && content.length !== 16) {
          throw new GoError(`x509: cannot parse IP address of length ${content.length}`);
        }
        names.ipAddresses.push(content);
    }
  }
  return names;
}

function asciiName(text: string, type: string): string {
  if (!isAscii(text)) throw new GoError(`x509: SAN ${type} is malformed`);
  return text;
}

/** The URI as Go prints it again. */
function uriName(text: string): string {
  try {
    const url = parseUrl(text);
    // A host must have only visible characters and no empty label.
    if (url.host !== "" && !/^[!-\-/-~]+(\.[!-\-/-~]+)*$/.test(url.host)) {
      throw new GoError("x509: cannot parse URI: invalid domain");
    }
    return printUrl(url);
  } catch (error) {
    if (error instanceof UrlFault) throw new GoError(`x509: cannot parse URI: ${error.before.trim()}`);
    throw error;
  }
}
