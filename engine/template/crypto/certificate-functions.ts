/** Sprig's keys and certificates: genPrivateKey, buildCustomCert, genCA, genSelfSignedCert, genSignedCert, with keys of one's own too. */
import { asInt, asString, define, itemsOf } from "../functions/define.ts";
import { type CallContext, GoError, type GoFunction, GoSlice, GoStruct, type GoValue, goString } from "../go-value.ts";
import { decodeBase64OrThrow } from "./base64.ts";
import { parseCertificate } from "./certificate.ts";
import { generateKey, generateRsaKey, keyTypes } from "./generate-key.ts";
import { parseIp } from "./ip-address.ts";
import { type Issuer, issueCertificate } from "./issue-certificate.ts";
import { decodePem, encodePem } from "./pem.ts";
import type { PrivateKey } from "./private-key.ts";
import { privateKeyFromPem, within } from "./read-private-key.ts";
import { workSteps } from "./work-steps.ts";
import { toPem } from "./write-private-key.ts";

/** The functions by their names in sprig. */
export function certificateFunctions(): GoFunction[] {
  return [
    define("genPrivateKey", ["string"], ([type], context) => privateKeyPem(asString(type), context)),
    define("buildCustomCert", ["string", "string"], ([pem, key]) => customCertificate(asString(pem), asString(key))),
    ...withAndWithoutKey("genCA", ["string", "int"], ([name, days], key, context) =>
      issue({ name: asString(name), days: asInt(days), isCa: true, addresses: null, dnsNames: null }, key, context),
    ),
    ...withAndWithoutKey("genSelfSignedCert", subjectParameters, (args, key, context) =>
      issue(subjectOf(args), key, context),
    ),
    ...withAndWithoutKey("genSignedCert", [...subjectParameters, "sprig.certificate"], (args, key, context) =>
      issue(subjectOf(args), key, context, () => issuerOf(args[4])),
    ),
  ];
}

const subjectParameters = ["string", "[]interface {}", "[]interface {}", "int"] as const;

type Issue = (args: readonly GoValue[], key: PrivateKey, context: CallContext) => GoStruct;

/** A function that makes a key, and the one with `WithKey` in its name that takes a PEM key as its last argument. */
function withAndWithoutKey(
  name: string,
  parameters: readonly GoFunction["parameters"][number][],
  body: Issue,
): GoFunction[] {
  return [
    define(name, parameters, (args, context) => body(args, generateRsaKey(2048, context), context)),
    define(`${name}WithKey`, [...parameters, "string"], (args, context) => {
      const pem = asString(args[parameters.length]);
      return body(
        args,
        within("parsing private key", () => privateKeyFromPem(pem)),
        context,
      );
    }),
  ];
}

/** An unknown type becomes the value, as in sprig. */
function privateKeyPem(name: string, context: CallContext): string {
  const type = name === "" ? "rsa" : keyTypes.find((known) => known === name);
  return type === undefined ? `Unknown type ${name}` : toPem(generateKey(type, context));
}

const certificateStruct = (cert: string, key: string): GoStruct =>
  new GoStruct({
    type: "sprig.certificate",
    fields: new Map([
      ["Cert", cert],
      ["Key", key],
    ]),
  });

function customCertificate(base64Certificate: string, base64Key: string): GoStruct {
  const certificate = decodeOr(base64Certificate, "unable to decode base64 certificate");
  const key = decodeOr(base64Key, "unable to decode base64 private key");
  const { block } = decodePem(certificate);
  if (block === undefined) throw new GoError("unable to decode certificate");
  within("error parsing certificate: decodedCert.Bytes", () => parseCertificate(block.bytes));
  within("error parsing private key", () => privateKeyFromPem(key));
  return certificateStruct(certificate, key);
}

function decodeOr(base64: string, message: string): string {
  try {
    return goString(decodeBase64OrThrow(base64));
  } catch (error) {
    if (error instanceof GoError) throw new GoError(message);
    throw error;
  }
}

interface Subject {
  readonly name: string;
  readonly days: bigint;
  readonly isCa: boolean;
  readonly addresses: GoValue;
  readonly dnsNames: GoValue;
}

const subjectOf = ([name, addresses, dnsNames, days]: readonly GoValue[]): Subject => ({
  name: asString(name),
  addresses,
  dnsNames,
  days: asInt(days),
  isCa: false,
});

function issue(subject: Subject, key: PrivateKey, context: CallContext, issuer?: () => Issuer): GoStruct {
  context.spend(workSteps.signature);
  const signer = issuer?.();
  const request = {
    commonName: subject.name,
    isCa: subject.isCa,
    ipAddresses: stringsIn(subject.addresses, "error parsing ip").map(addressOf),
    dnsNames: stringsIn(subject.dnsNames, "error processing alternate dns name"),
    ...validity(subject.days, context.now()),
    randomBytes: (length: number) => context.randomBytes(length),
  };
  const der = within("error creating certificate", () => issueCertificate(request, key, signer));
  return certificateStruct(encodePem("CERTIFICATE", der), toPem(key));
}

/** From now for so many days; the days wrap around as Go's `time.Duration` does, after 292 years. */
function validity(days: bigint, nowMs: number): { readonly notBefore: bigint; readonly notAfter: bigint } {
  const nanoseconds = BigInt.asIntN(64, days * 24n * 3600n * 1_000_000_000n);
  const now = BigInt(Math.floor(nowMs)) * 1_000_000n;
  const seconds = (time: bigint): bigint =>
    (time - (((time % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n)) / 1_000_000_000n;
  return { notBefore: seconds(now), notAfter: seconds(now + nanoseconds) };
}

function stringsIn(list: GoValue, context: string): string[] {
  if (!(list instanceof GoSlice)) return [];
  return itemsOf(list).map((item, index) => {
    if (typeof item === "string") return item;
    throw new GoError(`${context}: the item at index ${index} is not a string`);
  });
}

function addressOf(text: string, index: number): Uint8Array {
  const address = parseIp(text);
  if (address === undefined) throw new GoError(`error parsing ip: the item at index ${index} is no IP address`);
  return address;
}

/** The signer of a certificate: sprig's struct, whose PEM texts are read again. */
function issuerOf(value: GoValue): Issuer {
  const fields = value instanceof GoStruct ? value.fields : new Map<string, GoValue>();
  const { block } = decodePem(asString(fields.get("Cert")));
  if (block === undefined) throw new GoError("unable to decode certificate");
  const certificate = within("error parsing certificate: decodedSignerCert.Bytes", () => parseCertificate(block.bytes));
  const key = within("error parsing private key", () => privateKeyFromPem(asString(fields.get("Key"))));
  return {
    key,
    rawSubject: certificate.rawSubject,
    rawPublicKey: certificate.rawPublicKey,
    subjectKeyId: certificate.subjectKeyId,
  };
}
