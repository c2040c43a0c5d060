/** Public keys as SubjectPublicKeyInfo, written as Go's crypto/x509 does, and keys for Node's crypto. */
import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import type { Curve } from "./curves.ts";
import { bitString, integer, nullValue, oid, sequence } from "./der-writer.ts";
import type { Curve25519PrivateKey, Pkcs8PrivateKey } from "./private-key.ts";
import { keyOids } from "./public-key.ts";
import { ecdsaAlgorithm, toPkcs8 } from "./write-private-key.ts";

/** A private key as Node's crypto takes it. */
export function keyObject(key: Pkcs8PrivateKey): KeyObject {
  return createPrivateKey({ key: Buffer.from(toPkcs8(key)), format: "der", type: "pkcs8" });
}

/** The public key of a 25519 key: 32 bytes. */
function publicOf25519(key: Curve25519PrivateKey): Uint8Array {
  return createPublicKey(keyObject(key)).export({ format: "der", type: "spki" }).subarray(-32);
}

/** The public key's own bytes, as they stand in the BIT STRING of a SubjectPublicKeyInfo. */
export function publicKeyBytes(key: Pkcs8PrivateKey): Uint8Array {
  switch (key.kind) {
    case "rsa":
      return rsaPublicKey(key.n, BigInt(key.e));
    case "ecdsa":
      return key.point;
    default:
      return publicOf25519(key);
  }
}

/** SubjectPublicKeyInfo in DER. */
export function publicKeyInfo(key: Pkcs8PrivateKey): Uint8Array {
  const bytes = publicKeyBytes(key);
  if (key.kind === "rsa") return rsaPublicKeyInfo(bytes);
  if (key.kind === "ecdsa") return ecdsaPublicKeyInfo(key.curve, bytes);
  return publicKeyInfo25519(key.kind, bytes);
}

export const rsaPublicKey = (modulus: bigint, exponent: bigint): Uint8Array =>
  sequence(integer(modulus), integer(exponent));

export const rsaPublicKeyInfo = (publicKey: Uint8Array): Uint8Array =>
  sequence(sequence(oid(keyOids.rsa), nullValue()), bitString(publicKey));

export const ecdsaPublicKeyInfo = (curve: Curve, point: Uint8Array): Uint8Array =>
  sequence(ecdsaAlgorithm(curve), bitString(point));

export const publicKeyInfo25519 = (kind: Curve25519PrivateKey["kind"], bytes: Uint8Array): Uint8Array =>
  sequence(sequence(oid(keyOids[kind])), bitString(bytes));
