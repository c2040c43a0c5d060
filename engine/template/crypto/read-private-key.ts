/** Reads private keys in PKCS#1, PKCS#8 and SEC 1, refusing what Go's crypto/x509 refuses. */
import { GoError } from "../go-value.ts";
import { type Curve, curveOfOid } from "./curves.ts";
import { DerReader, onlyElement, unsignedOf } from "./der-reader.ts";
import { tags } from "./der-writer.ts";
import { decodePem } from "./pem.ts";
import {
  type EcdsaPrivateKey,
  ecdsaKey,
  type Pkcs8PrivateKey,
  type PrivateKey,
  type RsaPrivateKey,
} from "./private-key.ts";
import { keyOids } from "./public-key.ts";
import { checkedRsaKey } from "./rsa-key.ts";

/**
 * Reads a PEM key as sprig does: by the type of its block.
 * @throws GoError with sprig's wording, but for the block's type, which is part of the data.
 */
export function privateKeyFromPem(pem: string): PrivateKey {
  const { block } = decodePem(pem);
  if (block === undefined) throw new GoError("no PEM data in input");
  const { type, bytes } = block;
  if (type === "PRIVATE KEY") return within("decoding PEM as PKCS#8", () => parsePkcs8(bytes));
  if (!type.endsWith(" PRIVATE KEY")) throw new GoError("no private key data in PEM block of this type");
  switch (type.slice(0, -" PRIVATE KEY".length)) {
    case "RSA":
      return within("parsing RSA private key from PEM", () => parsePkcs1(bytes));
    case "EC":
      return within("parsing EC private key from PEM", () => parseSec1(bytes));
    case "DSA":
      return within("parsing DSA private key from PEM", () => parseDsa(bytes));
    default:
      throw new GoError(
        "invalid private key type; use PRIVATE KEY, RSA PRIVATE KEY, EC PRIVATE KEY or DSA PRIVATE KEY",
      );
  }
}

/**
 * Reads a key in any of the three forms, as ESO does.
 * @throws GoError saying that it is none.
 */
export function parseAnyPrivateKey(der: Uint8Array): Pkcs8PrivateKey {
  for (const parse of [parsePkcs1, parsePkcs8, parseSec1]) {
    try {
      return parse(der);
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
    }
  }
  throw new GoError("unable to parse private key type");
}

export function parsePkcs1(der: Uint8Array): RsaPrivateKey {
  const [version = 0n, ...numbers] = onlyElement(der, (reader) => {
    const fields = reader.sequence();
    const values = Array.from({ length: 9 }, () => fields.integer());
    if (fields.peek() === tags.sequence) throw new GoError("x509: keys of more than two primes are not supported");
    return values;
  });
  if (version > 1n) throw new GoError("x509: unsupported private key version");
  const [n = 0n, e = 0n, d = 0n, p = 0n, q = 0n, dp = 0n, dq = 0n, qInverse = 0n] = numbers;
  if ([n, d, p, q, dp, dq, qInverse].some((number) => number <= 0n)) {
    throw new GoError("x509: private key contains zero or negative value");
  }
  return checkedRsaKey({ n, e, d, p, q, dp, dq, qInverse });
}

export function parsePkcs8(der: Uint8Array): Pkcs8PrivateKey {
  const fields = new DerReader(der).sequence();
  fields.smallInteger();
  const algorithm = fields.sequence();
  const type = algorithm.oid();
  const parameters = algorithm.isEmpty ? undefined : algorithm.any();
  const key = fields.octets();
  switch (type) {
    case keyOids.rsa:
      return within("x509: failed to parse RSA private key embedded in PKCS#8", () => parsePkcs1(key));
    case keyOids.ecdsa:
      return within("x509: failed to parse EC private key embedded in PKCS#8", () =>
        parseSec1(key, oidIn(parameters?.raw)),
      );
    case keyOids.ed25519:
    case keyOids.x25519: {
      const kind = type === keyOids.ed25519 ? "ed25519" : "x25519";
      const name = type === keyOids.ed25519 ? "Ed25519" : "X25519";
      if (parameters !== undefined) throw new GoError(`x509: invalid ${name} private key parameters`);
      const seed = within(`x509: invalid ${name} private key`, () => new DerReader(key).octets());
      if (seed.length !== 32) throw new GoError(`x509: invalid ${name} private key length: ${seed.length}`);
      return { kind, seed };
    }
    default:
      throw new GoError(`x509: PKCS#8 wrapping contained private key with unknown algorithm: ${type}`);
  }
}

/** `curveOid` comes from around the key and goes before the one in it. The public key in it is not looked at. */
export function parseSec1(der: Uint8Array, curveOid?: string): EcdsaPrivateKey {
  const { version, scalar, namedCurve } = within("x509: failed to parse EC private key", () => {
    const fields = new DerReader(der).sequence();
    const parsed = { version: fields.smallInteger(), scalar: fields.octets() };
    const namedCurve = fields.optionalExplicit(0, tags.oid)?.oid();
    fields.optionalExplicit(1, tags.bitString)?.bits();
    return { ...parsed, namedCurve };
  });
  if (version !== 1) throw new GoError(`x509: unknown EC private key version ${version}`);
  const curve: Curve | undefined = curveOfOid(curveOid ?? namedCurve ?? "");
  if (curve === undefined) throw new GoError("x509: unknown elliptic curve");
  const value = unsignedOf(scalar);
  if (value >= 1n << BigInt(curve.byteLength * 8)) throw new GoError("x509: invalid private key length");
  return ecdsaKey(curve, value);
}

/** The OID in an algorithm's parameters; `undefined` where they are something else. */
function oidIn(parameters: Uint8Array | undefined): string | undefined {
  try {
    return new DerReader(parameters ?? new Uint8Array()).oid();
  } catch (error) {
    if (error instanceof GoError) return undefined;
    throw error;
  }
}

function parseDsa(der: Uint8Array): PrivateKey {
  const fields = new DerReader(der).sequence();
  fields.smallInteger();
  const [p = 0n, q = 0n, g = 0n, y = 0n, x = 0n] = Array.from({ length: 5 }, () => fields.integer());
  return { kind: "dsa", p, q, g, y, x };
}

/** Puts a context before the message of a `GoError`. */
export function within<Result>(context: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof GoError) throw new GoError(`${context}: ${error.message}`);
    throw error;
  }
}
