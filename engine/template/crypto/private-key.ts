/** Private keys as their numbers, so that they are written exactly as Go writes them. */
import { createECDH } from "node:crypto";
import { GoError } from "../go-value.ts";
import type { Curve } from "./curves.ts";
import { fixedLength } from "./der-writer.ts";

/** An RSA key of two primes. */
export interface RsaPrivateKey {
  readonly kind: "rsa";
  readonly n: bigint;
  readonly e: number;
  readonly d: bigint;
  readonly p: bigint;
  readonly q: bigint;
  /** d mod p − 1, d mod q − 1 and q⁻¹ mod p. */
  readonly dp: bigint;
  readonly dq: bigint;
  readonly qInverse: bigint;
}

/** A key on a NIST curve. */
export interface EcdsaPrivateKey {
  readonly kind: "ecdsa";
  readonly curve: Curve;
  /** As many bytes as the curve's order has. */
  readonly scalar: Uint8Array;
  /** The public key, uncompressed. */
  readonly point: Uint8Array;
}

/** An Ed25519 or X25519 key. */
export interface Curve25519PrivateKey {
  readonly kind: "ed25519" | "x25519";
  /** 32 bytes. */
  readonly seed: Uint8Array;
}

/** A DSA key; nothing but its PEM form is of use. */
export interface DsaPrivateKey {
  readonly kind: "dsa";
  readonly p: bigint;
  readonly q: bigint;
  readonly g: bigint;
  readonly y: bigint;
  readonly x: bigint;
}

/** Keys that PKCS#8 can hold. */
export type Pkcs8PrivateKey = RsaPrivateKey | EcdsaPrivateKey | Curve25519PrivateKey;

export type PrivateKey = Pkcs8PrivateKey | DsaPrivateKey;

/**
 * A key on a curve from its scalar.
 * @throws GoError when the scalar is zero or not below the curve's order.
 */
export function ecdsaKey(curve: Curve, scalar: bigint): EcdsaPrivateKey {
  if (scalar > curve.order) throw new GoError("input overflows the modulus");
  if (scalar === 0n || scalar === curve.order) throw new GoError("ecdsa: invalid public key encoding");
  const bytes = fixedLength(scalar, curve.byteLength);
  const exchange = createECDH(curve.openSslName);
  exchange.setPrivateKey(bytes);
  return { kind: "ecdsa", curve, scalar: bytes, point: exchange.getPublicKey() };
}
