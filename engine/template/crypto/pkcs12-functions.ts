/** ESO's functions on PKCS#12: pkcs12key, pkcs12cert, pemToPkcs12, fullPemToPkcs12, pemTruststoreToPKCS12, each with and without a password. */
import { asString, define } from "../functions/define.ts";
import { bytesOf, type CallContext, GoError, type GoFunction } from "../go-value.ts";
import { type Certificate, parseCertificate } from "./certificate.ts";
import { certificatesPem, orderedChain } from "./certificate-chain.ts";
import { decodePem, encodePem } from "./pem.ts";
import type { Spend } from "./pkcs12-password.ts";
import { readPkcs12 } from "./read-pkcs12.ts";
import { parseAnyPrivateKey, within } from "./read-private-key.ts";
import { workSteps } from "./work-steps.ts";
import { type Pkcs12Options, writePkcs12, writeTrustStore } from "./write-pkcs12.ts";
import { toPkcs8 } from "./write-private-key.ts";

/** The functions by their names in ESO. */
export function pkcs12Functions(): GoFunction[] {
  return [
    define("pkcs12key", ["string"], ([file], context) => keyOf("", asString(file), context)),
    define("pkcs12keyPass", ["string", "string"], ([password, file], context) =>
      keyOf(asString(password), asString(file), context),
    ),
    define("pkcs12cert", ["string"], ([file], context) => certificatesOf("", asString(file), context)),
    define("pkcs12certPass", ["string", "string"], ([password, file], context) =>
      certificatesOf(asString(password), asString(file), context),
    ),
    ...withAndWithoutPassword("pemToPkcs12", 2, ([pem = "", key = ""], options) =>
      keyStore(firstCertificate(pem).certificate, key, [], options),
    ),
    ...withAndWithoutPassword("fullPemToPkcs12", 2, ([pem = "", key = ""], options) => {
      const { certificate, rest } = firstCertificate(pem);
      return keyStore(certificate, key, allCertificates(rest), options);
    }),
    ...withAndWithoutPassword("pemTruststoreToPKCS12", 1, ([pem = ""], options) =>
      writeTrustStore(allCertificates(pem), options),
    ),
  ];
}

/** A function of so many texts, and the one with `Pass` in its name that takes a password after them. Both give base64. */
function withAndWithoutPassword(
  name: string,
  count: number,
  body: (texts: readonly string[], options: Pkcs12Options) => Uint8Array,
): GoFunction[] {
  const texts = Array<"string">(count).fill("string");
  const call = (all: readonly string[], context: CallContext): string => {
    const randomBytes = (length: number): Uint8Array => context.randomBytes(length);
    const options = { password: all[count] ?? "", randomBytes, spend: spendIn(context) };
    return Buffer.from(body(all, options)).toString("base64");
  };
  return [
    define(name, texts, (args, context) => call(args.map(asString), context)),
    define(`${name}Pass`, [...texts, "string"], (args, context) => call(args.map(asString), context)),
  ];
}

const spendIn =
  (context: CallContext): Spend =>
  (iterations) =>
    context.spend(iterations * workSteps.derivationIteration);

function keyOf(password: string, file: string, context: CallContext): string {
  const { privateKey } = within("unable to decode pkcs12 with password", () =>
    readPkcs12(bytesOf(file), password, spendIn(context)),
  );
  return encodePem("PRIVATE KEY", toPkcs8(privateKey));
}

/** The certificates in the order of their chain; in the file's, where they form none. */
function certificatesOf(password: string, file: string, context: CallContext): string {
  const { certificate, otherCertificates } = within("unable to decode pkcs12 certificate with password", () =>
    readPkcs12(bytesOf(file), password, spendIn(context)),
  );
  const unordered = certificatesPem([certificate, ...otherCertificates]);
  try {
    return certificatesPem(orderedChain(unordered));
  } catch (error) {
    if (error instanceof GoError) return unordered;
    throw error;
  }
}

function keyStore(
  certificate: Certificate,
  keyPem: string,
  others: readonly Certificate[],
  options: Pkcs12Options,
): Uint8Array {
  const { block } = decodePem(keyPem);
  if (block === undefined) throw noPem("private key");
  return writePkcs12(parseAnyPrivateKey(block.bytes), certificate, others, options);
}

function firstCertificate(pem: string): { readonly certificate: Certificate; readonly rest: string } {
  const { block, rest } = decodePem(pem);
  if (block === undefined) throw noPem("certificate");
  return { certificate: parseCertificate(block.bytes), rest };
}

/** All certificates of a text; anything that is no block, even white space at the end, is refused as in ESO. */
function allCertificates(pem: string): Certificate[] {
  const certificates: Certificate[] = [];
  for (let rest = pem; rest !== ""; ) {
    const found = firstCertificate(rest);
    certificates.push(found.certificate);
    rest = found.rest;
  }
  return certificates;
}

/** Go's own message here is that of a nil pointer; its words come last, so that they can be searched for. */
const noPem = (what: string): GoError =>
  new GoError(
    `failed to decode PEM block of the ${what} (runtime error: invalid memory address or nil pointer dereference)`,
  );
