/** The public key of a certificate: the checks that Go makes when it reads one. */
import { ECDH } from "node:crypto";
import { GoError } from "../go-value.ts";
import { type Curve, curveOfOid } from "./curves.ts";
import { DerReader } from "./der-reader.ts";
import { tags } from "./der-writer.ts";
import { orMalformed } from "./malformed.ts";

/** OIDs of key types. */
export const keyOids = {
  rsa: "1.2.840.113549.1.1.1",
  ecdsa: "1.2.840.10045.2.1",
  dsa: "1.2.840.10040.4.1",
  ed25519: "1.3.101.112",
  x25519: "1.3.101.110",
} as const;

/**
 * Checks the content of a SubjectPublicKeyInfo; key types that Go does not know pass.
 * @throws GoError with crypto/x509's wording.
 */
export function checkPublicKey(content: Uint8Array): void {
  const info = new DerReader(content);
  const algorithm = orMalformed("malformed public key algorithm identifier", () => info.sequence());
  const oid = orMalformed("malformed OID", () => algorithm.oid());
  const parameters = algorithm.isEmpty ? undefined : orMalformed("malformed parameters", () => algorithm.any());
  const key = orMalformed("malformed subjectPublicKey", () => info.bits());
  const parametersDer = parameters?.raw ?? new Uint8Array();
  if (oid === keyOids.rsa) {
    if (parameters?.tag !== tags.null) throw new GoError("x509: RSA key missing NULL parameters");
    checkRsa(key);
  } else if (oid === keyOids.ecdsa) {
    checkEllipticCurvePoint(key, parametersDer);
  } else if (oid === keyOids.dsa) {
    checkDsa(key, parametersDer);
  } else if (oid === keyOids.ed25519 || oid === keyOids.x25519) {
    const isEd25519 = oid === keyOids.ed25519;
    if (parameters !== undefined) {
      throw new GoError(`x509: ${isEd25519 ? "Ed25519" : "X25519"} key encoded with illegal parameters`);
    }
    if (key.length !== 32) {
      throw new GoError(isEd25519 ? "x509: wrong Ed25519 public key size" : "crypto/ecdh: invalid public key");
    }
  }
}

function checkRsa(key: Uint8Array): void {
  const numbers = orMalformed("invalid RSA public key", () => new DerReader(key).sequence());
  const modulus = orMalformed("invalid RSA modulus", () => numbers.integer());
  const exponent = orMalformed("invalid RSA public exponent", () => numbers.smallInteger());
  if (modulus <= 0n) throw new GoError("x509: RSA modulus is not a positive number");
  if (exponent <= 0) throw new GoError("x509: RSA public exponent is not a positive number");
}

function checkEllipticCurvePoint(point: Uint8Array, parameters: Uint8Array): void {
  const curve = curveOfOid(orMalformed("invalid ECDSA parameters", () => new DerReader(parameters).oid()));
  if (curve === undefined) throw new GoError("x509: unsupported elliptic curve");
  if (point[0] !== 4) throw new GoError("ecdsa: invalid uncompressed public key");
  if (point.length !== 1 + 2 * curve.byteLength) throw new GoError(`invalid ${curve.goName} point encoding`);
  if (!isOnCurve(point, curve)) throw new GoError(`${curve.goName} point not on curve`);
}

/** Whether an uncompressed point lies on a curve. */
export function isOnCurve(point: Uint8Array, curve: Curve): boolean {
  try {
    ECDH.convertKey(point, curve.openSslName);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error) return false;
    throw error;
  }
}

function checkDsa(key: Uint8Array, parameters: Uint8Array): void {
  const y = orMalformed("invalid DSA public key", () => new DerReader(key).integer());
  const numbers = orMalformed("invalid DSA parameters", () => {
    const list = new DerReader(parameters).sequence();
    return [list.integer(), list.integer(), list.integer()];
  });
  if ([y, ...numbers].some((number) => number <= 0n)) throw new GoError("x509: zero or negative DSA parameter");
}
