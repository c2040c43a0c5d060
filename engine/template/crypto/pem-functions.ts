/** ESO's functions on PEM: filterPEM, filterCertChain, certSANs, jwkPublicKeyPem, jwkPrivateKeyPem, rsaDecrypt. */
import { constants, privateDecrypt } from "node:crypto";
import { asString, define, LEFT_OUT, stringsOf } from "../functions/define.ts";
import { bytesOf, type CallContext, GoError, type GoFunction, goString } from "../go-value.ts";
import { parseCertificate } from "./certificate.ts";
import { certificatesPem, isRoot, orderedChain } from "./certificate-chain.ts";
import { printIp } from "./ip-address.ts";
import { jwkPrivateKeyPem, jwkPublicKeyPem } from "./jwk-to-pem.ts";
import { decodeAllPem, decodePem, encodePem, trimJunk } from "./pem.ts";
import { keyObject } from "./public-key-info.ts";
import { parseAnyPrivateKey, within } from "./read-private-key.ts";
import { bitLength } from "./rsa-key.ts";
import { workSteps } from "./work-steps.ts";

/** The functions by their names in ESO. */
export function pemFunctions(): GoFunction[] {
  return [
    define("filterPEM", ["string", "string"], ([type, text]) => filterPem(asString(type), asString(text))),
    define("filterCertChain", ["string", "string"], ([type, text]) => filterChain(asString(type), asString(text))),
    define("certSANs", ["string"], ([text]) => stringsOf(alternativeNames(asString(text)))),
    define("jwkPublicKeyPem", ["string"], ([json]) => jwkPublicKeyPem(asString(json))),
    define("jwkPrivateKeyPem", ["string"], ([json]) => jwkPrivateKeyPem(asString(json))),
    define("rsaDecrypt", ["string", "string", "string", "string"], ([scheme, hash, data, key], context) => {
      return rsaDecrypt(asString(scheme), asString(hash), asString(data), asString(key), context);
    }),
  ];
}

/** The blocks of a type, whatever its case. */
function filterPem(type: string, text: string): string {
  const { blocks, rest } = decodeAllPem(trimJunk(text));
  const found = blocks.filter((block) => block.type.toLowerCase() === type.toLowerCase());
  if (found.length === 0 && rest !== "") throw new GoError("error filtering pem: found junk");
  return found.map((block) => encodePem(block.type, block.bytes, block.headers)).join("");
}

/** The leaf, the intermediates or the root of a chain; nothing where it has none, and for other types. */
function filterChain(type: string, text: string): string {
  const chain = orderedChain(text);
  switch (type) {
    case "leaf":
      return certificatesPem(chain.slice(0, 1).filter((leaf) => !isRoot(leaf)));
    case "intermediate": {
      const signers = chain.slice(1);
      const root = signers.findIndex(isRoot);
      return certificatesPem(root < 0 ? signers : signers.slice(0, root));
    }
    case "root":
      return certificatesPem(chain.slice(-1).filter(isRoot));
    default:
      return "";
  }
}

/** DNS names, addresses, e-mail addresses, URIs. */
function alternativeNames(text: string): string[] {
  const { block } = decodePem(trimJunk(text));
  if (block === undefined) throw new GoError("failed to decode PEM block");
  const certificate = within("failed to parse certificate", () => parseCertificate(block.bytes));
  const { dnsNames, ipAddresses, emailAddresses, uris } = certificate;
  return [...dnsNames, ...ipAddresses.map(printIp), ...emailAddresses, ...uris];
}

const oaepHashes: ReadonlyMap<string, string> = new Map([
  ["SHA1", "sha1"],
  ["SHA512", "sha512"],
]);

/** Scheme `None` gives the data back; any hash but SHA1 and SHA512 is SHA-256, as in ESO. */
function rsaDecrypt(scheme: string, hash: string, data: string, pem: string, context: CallContext): string {
  if (scheme === "None") return data;
  if (scheme !== "RSA-OAEP") {
    throw new GoError((isLiteral) => `decryption scheme ${isLiteral(0) ? scheme : LEFT_OUT} is not supported`);
  }
  context.spend(workSteps.signature);
  const { block } = decodePem(pem);
  if (block === undefined) throw new GoError("failed to decode PEM block");
  const key = within("could not parse private key", () => parseAnyPrivateKey(block.bytes));
  if (key.kind !== "rsa") throw new GoError("could not parse RSA private key");
  const bits = bitLength(key.n);
  if (bits < 1024) {
    const advice = "(see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)";
    throw new GoError(`error decrypting data with RSA: crypto/rsa: ${bits}-bit keys are insecure ${advice}`);
  }
  const options = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: oaepHashes.get(hash) ?? "sha256" };
  try {
    return goString(privateDecrypt({ key: keyObject(key), ...options }, bytesOf(data)));
  } catch {
    // OpenSSL's detail would tell why the padding is wrong.
    throw new GoError("error decrypting data with RSA: crypto/rsa: decryption error");
  }
}
