/** JSON Web Keys to PEM, with the readings and errors of the jwx library that ESO uses. */
import { GoError, textOf } from "../go-value.ts";
import { type Curve, curveOfName } from "./curves.ts";
import { unsignedOf } from "./der-reader.ts";
import { fixedLength } from "./der-writer.ts";
import { type Jwk, type JwkFields, parseJwk } from "./jwk.ts";
import { encodePem } from "./pem.ts";
import type { Curve25519PrivateKey, Pkcs8PrivateKey } from "./private-key.ts";
import { isOnCurve } from "./public-key.ts";
import {
  ecdsaPublicKeyInfo,
  publicKeyBytes,
  publicKeyInfo25519,
  rsaPublicKey,
  rsaPublicKeyInfo,
} from "./public-key-info.ts";
import { checkedRsaKey } from "./rsa-key.ts";
import { toPkcs8 } from "./write-private-key.ts";

/** @throws GoError with jwx's or crypto/x509's wording. */
export function jwkPublicKeyPem(json: string): string {
  const key = parseJwk(textOf(json));
  return encodePem("PUBLIC KEY", publicInfo(key));
}

/** @throws GoError with jwx's or crypto/x509's wording. */
export function jwkPrivateKeyPem(json: string): string {
  const key = parseJwk(textOf(json));
  return encodePem("PRIVATE KEY", toPkcs8(privateKey(key)));
}

const unsupportedPublic = (goType: string): GoError => new GoError(`x509: unsupported public key type: ${goType}`);

const unknownPrivate = (goType: string): GoError =>
  new GoError(`x509: unknown key type while marshaling PKCS#8: ${goType}`);

function publicInfo({ kind, isPrivate, fields }: Jwk): Uint8Array {
  switch (kind) {
    case "RSA":
      if (isPrivate) throw unsupportedPublic("*rsa.PrivateKey");
      return rsaPublicKeyInfo(rsaPublicKey(number(fields, "n"), exponent(fields)));
    case "EC": {
      const curve = curveOf(fields);
      if (isPrivate) throw unsupportedPublic("*ecdsa.PrivateKey");
      return ecdsaPublicKeyInfo(curve, pointOf(fields, curve));
    }
    case "OKP":
      if (isPrivate) throw unsupportedPublic(okpPrivateType(fields));
      if (okpKind(fields) === "x25519") throw unsupportedPublic("x25519.PublicKey");
      return publicKeyInfo25519("ed25519", bytes(fields, "x"));
    case "oct":
      throw unsupportedPublic("[]uint8");
  }
}

function privateKey({ kind, isPrivate, fields }: Jwk): Pkcs8PrivateKey {
  switch (kind) {
    case "RSA":
      if (!isPrivate) throw unknownPrivate("*rsa.PublicKey");
      return rsaKey(fields);
    case "EC": {
      const curve = curveOf(fields);
      if (!isPrivate) throw unknownPrivate("*ecdsa.PublicKey");
      return ecKey(fields, curve);
    }
    case "OKP": {
      if (isPrivate) return okpKey(fields);
      throw unknownPrivate(okpKind(fields) === "ed25519" ? "ed25519.PublicKey" : "x25519.PublicKey");
    }
    case "oct":
      throw unknownPrivate("[]uint8");
  }
}

function rsaKey(fields: JwkFields): Pkcs8PrivateKey {
  const optional = (name: string): bigint | undefined =>
    bytes(fields, name).length > 0 ? number(fields, name) : undefined;
  return checkedRsaKey({
    n: number(fields, "n"),
    e: exponent(fields),
    d: number(fields, "d"),
    p: number(fields, "p"),
    q: number(fields, "q"),
    dp: optional("dp"),
    dq: optional("dq"),
    qInverse: optional("qi"),
  });
}

function ecKey(fields: JwkFields, curve: Curve): Pkcs8PrivateKey {
  const scalar = number(fields, "d");
  const fault = (detail: string): GoError =>
    new GoError(`x509: failed to marshal EC private key while building PKCS#8: ${detail}`);
  if (scalar === 0n) throw fault("ecdsa: private key scalar is zero or negative");
  if (scalar >= curve.order) throw fault("ecdsa: private key scalar too large");
  const point = uncompressed(fields, curve);
  if (point === undefined) throw fault(`${curve.goName} point not on curve`);
  return { kind: "ecdsa", curve, scalar: fixedLength(scalar, curve.byteLength), point };
}

function okpKey(fields: JwkFields): Curve25519PrivateKey {
  const type = okpPrivateType(fields);
  if (type === "x25519.PrivateKey") throw unknownPrivate(type);
  return { kind: "ed25519", seed: bytes(fields, "d") };
}

/** The Go type of a private OKP key, which must be sound. */
function okpPrivateType(fields: JwkFields): string {
  const seed = bytes(fields, "d");
  if (seed.length === 0) throw buildError("cannot use empty seed");
  const kind = okpKind(fields);
  if (seed.length !== 32) throw buildError(wrongSeedSize(kind, seed.length));
  if (!Buffer.from(publicKeyBytes({ kind, seed })).equals(bytes(fields, "x"))) {
    throw buildError("invalid x value given d value");
  }
  return kind === "ed25519" ? "ed25519.PrivateKey" : "x25519.PrivateKey";
}

const wrongSeedSize = (kind: Curve25519PrivateKey["kind"], length: number): string =>
  kind === "ed25519"
    ? "wrong private key size"
    : `unable to construct x25519 private key from seed: unexpected seed size: ${length}`;

function okpKind(fields: JwkFields): Curve25519PrivateKey["kind"] {
  if (fields.crv === "Ed25519") return "ed25519";
  if (fields.crv === "X25519") return "x25519";
  throw unknownCurve(fields);
}

/** Curves of other programs, which an error may name. */
const OTHER_CURVES = ["P-224", "secp256k1", "Ed448", "X448", "Ed25519", "X25519", "P-256", "P-384", "P-521"];

function unknownCurve({ crv }: JwkFields): GoError {
  return buildError(`invalid curve algorithm${OTHER_CURVES.includes(crv) ? ` ${crv}` : ""}`);
}

function curveOf(fields: JwkFields): Curve {
  const curve = fields.crv === "P-224" ? undefined : curveOfName(fields.crv);
  if (curve === undefined) throw unknownCurve(fields);
  return curve;
}

const buildError = (detail: string): GoError => new GoError(`failed to build public key: ${detail}`);

function pointOf(fields: JwkFields, curve: Curve): Uint8Array {
  const point = uncompressed(fields, curve);
  if (point === undefined) throw new GoError(`${curve.goName} point not on curve`);
  return point;
}

/** The point in bytes; `undefined` where it does not lie on the curve. */
function uncompressed(fields: JwkFields, curve: Curve): Uint8Array | undefined {
  const coordinates = [number(fields, "x"), number(fields, "y")];
  if (coordinates.some((coordinate) => coordinate >= 1n << BigInt(curve.byteLength * 8))) return undefined;
  const point = Buffer.concat([Uint8Array.of(4), ...coordinates.map((value) => fixedLength(value, curve.byteLength))]);
  return isOnCurve(point, curve) ? point : undefined;
}

const bytes = (fields: JwkFields, name: string): Uint8Array => fields.bytes.get(name) ?? new Uint8Array();

const number = (fields: JwkFields, name: string): bigint => unsignedOf(bytes(fields, name));

/** Go keeps it in 64 bits. */
const exponent = (fields: JwkFields): bigint => BigInt.asIntN(64, number(fields, "e"));
