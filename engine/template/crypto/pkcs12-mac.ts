/** The MAC of a PKCS#12 file, by which a wrong password is told. */
import { createHmac } from "node:crypto";
import { GoError } from "../go-value.ts";
import type { DerReader } from "./der-reader.ts";
import { integer, octetString, oid, sequence, tags } from "./der-writer.ts";
import { type Algorithm, notSupported, parametersOf, pbkdf2, readAlgorithm, readPbkdf2 } from "./pkcs12-encryption.ts";
import { algorithms, digests, hmacDigests } from "./pkcs12-oids.ts";
import { derivePkcs12Key, type Pkcs12Password, purposes, type Spend } from "./pkcs12-password.ts";
import { within } from "./read-private-key.ts";

const ITERATIONS = 2048;
const SALT_BYTES = 16;

export interface Pkcs12Mac {
  readonly algorithm: Algorithm;
  readonly digest: Uint8Array;
  readonly salt: Uint8Array;
  readonly iterations: number;
}

/** Reads the MacData fields. */
export function readMac(fields: DerReader): Pkcs12Mac {
  const info = fields.sequence();
  const mac = { algorithm: readAlgorithm(info), digest: info.octets(), salt: fields.octets() };
  return { ...mac, iterations: fields.peek() === tags.integer ? fields.smallInteger() : 1 };
}

/** The MAC of a message; those of PBMAC1 (RFC 9579) bring their own derivation. */
export function computeMac(
  mac: Omit<Pkcs12Mac, "digest">,
  message: Uint8Array,
  password: Pkcs12Password,
  spend: Spend,
): Uint8Array {
  if (mac.algorithm.oid === algorithms.pbmac1) return computePbmac1(mac.algorithm, message, password.utf8, spend);
  const digest = digests.get(mac.algorithm.oid);
  if (digest === undefined) throw new GoError(`pkcs12: MAC digest algorithm not supported: ${mac.algorithm.oid}`);
  const { salt, iterations } = mac;
  const derivation = { digest, purpose: purposes.mac, password: password.ucs2, salt, iterations, length: digest.size };
  return createHmac(digest.name, derivePkcs12Key(derivation, spend)).update(message).digest();
}

function computePbmac1(algorithm: Algorithm, message: Uint8Array, password: Uint8Array, spend: Spend): Uint8Array {
  const fields = within("error decoding PBMAC1 parameters", () => parametersOf(algorithm));
  const kdf = readPbkdf2(readAlgorithm(fields), "PBMAC1");
  const scheme = readAlgorithm(fields).oid;
  const digest = hmacDigests.get(scheme);
  if (digest === undefined) throw notSupported(`PBMAC1 MAC algorithm ${scheme}`);
  const length = kdf.keyLength ?? 0;
  if (length <= 0) {
    throw new GoError("pkcs12: PBMAC1 requires explicit KeyLength parameter in PBKDF2 parameters");
  }
  if (length < 20)
    throw new GoError(`pkcs12: PBMAC1 key length ${length} is too short to be secure (minimum 20 octets)`);
  if (length > 64) throw new GoError(`pkcs12: PBMAC1 key length ${length} is too large (maximum 64 octets)`);
  return createHmac(digest, pbkdf2(password, kdf, length, spend))
    .update(message)
    .digest();
}

/** MacData of a new file: HMAC-SHA-256 with PKCS#12's derivation. */
export function writeMac(message: Uint8Array, password: Pkcs12Password, salt: Uint8Array, spend: Spend): Uint8Array {
  const algorithm: Algorithm = { oid: algorithms.sha256, parameters: undefined };
  const digest = computeMac({ algorithm, salt, iterations: ITERATIONS }, message, password, spend);
  const info = sequence(sequence(oid(algorithms.sha256)), octetString(digest));
  return sequence(info, octetString(salt), integer(ITERATIONS));
}

/** How many bytes of salt a new MAC has. */
export const macSaltBytes = SALT_BYTES;
