/** The elliptic curves of Go's crypto/elliptic. */

/** A curve by its names and sizes. */
export interface Curve {
  /** As JWK and Go's `Params().Name` call it. */
  readonly name: string;
  /** As Go's errors call it. */
  readonly goName: string;
  readonly openSslName: string;
  readonly oid: string;
  /** Bytes of a coordinate and of a private key. */
  readonly byteLength: number;
  /** The order of the base point. */
  readonly order: bigint;
}

const curves: readonly Curve[] = [
  {
    name: "P-224",
    goName: "P224",
    openSslName: "secp224r1",
    oid: "1.3.132.0.33",
    byteLength: 28,
    order: 0xffffffffffffffffffffffffffff16a2e0b8f03e13dd29455c5c2a3dn,
  },
  {
    name: "P-256",
    goName: "P256",
    openSslName: "prime256v1",
    oid: "1.2.840.10045.3.1.7",
    byteLength: 32,
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  },
  {
    name: "P-384",
    goName: "P384",
    openSslName: "secp384r1",
    oid: "1.3.132.0.34",
    byteLength: 48,
    order: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  },
  {
    name: "P-521",
    goName: "P521",
    openSslName: "secp521r1",
    oid: "1.3.132.0.35",
    byteLength: 66,
    order:
      0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
  },
];

/** `undefined` for a curve that Go does not know. */
export const curveOfOid = (oid: string): Curve | undefined => curves.find((curve) => curve.oid === oid);

/** `undefined` for a curve that Go does not know. */
export const curveOfName = (name: string): Curve | undefined => curves.find((curve) => curve.name === name);

/** The curve that `genPrivateKey "ecdsa"` uses. */
export const p256 = (): Curve => curves[1] as Curve;
