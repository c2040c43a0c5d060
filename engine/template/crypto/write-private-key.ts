/** Writes private keys as Go's crypto/x509 does. */

import type { Curve } from "./curves.ts";
import { bitString, element, integer, nullValue, octetString, oid, sequence, tags } from "./der-writer.ts";
import { encodePem } from "./pem.ts";
import type { DsaPrivateKey, EcdsaPrivateKey, Pkcs8PrivateKey, PrivateKey, RsaPrivateKey } from "./private-key.ts";
import { keyOids } from "./public-key.ts";

/** PKCS#8 (RFC 5208) in DER. */
export function toPkcs8(key: Pkcs8PrivateKey): Uint8Array {
  switch (key.kind) {
    case "rsa":
      return sequence(integer(0), sequence(oid(keyOids.rsa), nullValue()), octetString(toPkcs1(key)));
    case "ecdsa":
      return sequence(integer(0), ecdsaAlgorithm(key.curve), octetString(toSec1(key)));
    default:
      return sequence(integer(0), sequence(oid(keyOids[key.kind])), octetString(octetString(key.seed)));
  }
}

/** PKCS#1 (RFC 8017) in DER. */
export function toPkcs1(key: RsaPrivateKey): Uint8Array {
  const numbers = [0n, key.n, BigInt(key.e), key.d, key.p, key.q, key.dp, key.dq, key.qInverse];
  return sequence(...numbers.map(integer));
}

/** SEC 1 (RFC 5915) in DER, with the public key; the curve is named where it stands alone. */
export function toSec1(key: EcdsaPrivateKey, namedCurve?: Curve): Uint8Array {
  const parameters = namedCurve === undefined ? [] : [element(tags.context(0), oid(namedCurve.oid))];
  return sequence(integer(1), octetString(key.scalar), ...parameters, element(tags.context(1), bitString(key.point)));
}

/** The form that OpenSSL gives DSA keys. */
function toDsaForm(key: DsaPrivateKey): Uint8Array {
  return sequence(...[0n, key.p, key.q, key.g, key.y, key.x].map(integer));
}

/** The PEM that sprig gives a key: each type in its traditional form, 25519 keys in PKCS#8. */
export function toPem(key: PrivateKey): string {
  switch (key.kind) {
    case "rsa":
      return encodePem("RSA PRIVATE KEY", toPkcs1(key));
    case "ecdsa":
      return encodePem("EC PRIVATE KEY", toSec1(key, key.curve));
    case "dsa":
      return encodePem("DSA PRIVATE KEY", toDsaForm(key));
    default:
      return encodePem("PRIVATE KEY", toPkcs8(key));
  }
}

/** The AlgorithmIdentifier of keys on a curve. */
export const ecdsaAlgorithm = (curve: Curve): Uint8Array => sequence(oid(keyOids.ecdsa), oid(curve.oid));
