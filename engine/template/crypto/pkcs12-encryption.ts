/** The encryption in PKCS#12 files: PBES2 with AES, and the older 3DES and RC2, which are only read. */
import { createCipheriv, createDecipheriv, pbkdf2Sync } from "node:crypto";
import { GoError } from "../go-value.ts";
import { type DerElement, type DerReader, onlyElement } from "./der-reader.ts";
import { integer, nullValue, octetString, oid, sequence, tags } from "./der-writer.ts";
import { aesKeyLengths, algorithms, digests, hmacDigests, legacyCiphers } from "./pkcs12-oids.ts";
import { derivePkcs12Key, type Pkcs12Password, purposes, type Spend } from "./pkcs12-password.ts";
import { decryptRc2Cbc } from "./rc2.ts";

const ITERATIONS = 2048;
/** What OpenSSL can count. */
const MAXIMUM_ITERATIONS = 2 ** 31 - 1;
const SALT_BYTES = 16;
const AES_BLOCK = 16;
const SHA1 = "1.3.14.3.2.26";

/** An AlgorithmIdentifier. */
export interface Algorithm {
  readonly oid: string;
  readonly parameters: DerElement | undefined;
}

export function readAlgorithm(reader: DerReader): Algorithm {
  const fields = reader.sequence();
  return { oid: fields.oid(), parameters: fields.isEmpty ? undefined : fields.any() };
}

/** The parameters of an algorithm, which must be a sequence. */
export function parametersOf(algorithm: Algorithm): DerReader {
  return onlyElement(
    algorithm.parameters?.raw ?? new Uint8Array(),
    (reader) => reader.sequence(),
    "pkcs12: trailing data found",
  );
}

export const notSupported = (what: string): GoError => new GoError(`pkcs12: ${what} is not supported`);

/** How PBKDF2 makes a key. */
export interface Pbkdf2Parameters {
  readonly salt: Uint8Array;
  readonly iterations: number;
  /** In bytes; unset: as long as the key that is wanted. */
  readonly keyLength: number | undefined;
  readonly digest: string;
}

/** @param user what the parameters belong to, for errors. */
export function readPbkdf2(algorithm: Algorithm, user: "pbes2" | "PBMAC1"): Pbkdf2Parameters {
  const [kdf, prf] = user === "pbes2" ? ["pbes2 kdf", "pbes2 prf"] : ["PBMAC1 KDF", "PBMAC1 PRF"];
  if (algorithm.oid !== algorithms.pbkdf2) throw notSupported(`${kdf} algorithm ${algorithm.oid}`);
  const fields = parametersOf(algorithm);
  const salt = fields.any();
  if (salt.tag !== tags.octetString)
    throw new GoError(
      `pkcs12: only octet string salts are supported for ${user}/${user === "pbes2" ? "pbkdf2" : "PBKDF2"}`,
    );
  const iterations = fields.smallInteger();
  const keyLength = fields.peek() === tags.integer ? fields.smallInteger() : undefined;
  const digestOid = fields.isEmpty ? undefined : readAlgorithm(fields).oid;
  const digest = digestOid === undefined ? "sha1" : hmacDigests.get(digestOid);
  if (digest === undefined) throw notSupported(`${prf} ${digestOid}`);
  return { salt: salt.content, iterations, keyLength, digest };
}

/** PBKDF2; fewer than one iteration is one, as in Go. */
export function pbkdf2(password: Uint8Array, parameters: Pbkdf2Parameters, length: number, spend: Spend): Uint8Array {
  const iterations = Math.max(1, parameters.iterations);
  spend(iterations);
  if (iterations > MAXIMUM_ITERATIONS) throw notSupported(`a key derivation of ${iterations} iterations`);
  return pbkdf2Sync(password, parameters.salt, iterations, length, parameters.digest);
}

/** @throws GoError for an algorithm that is not known, and for padding that a wrong password gives. */
export function decrypt(algorithm: Algorithm, data: Uint8Array, password: Pkcs12Password, spend: Spend): Uint8Array {
  const { blockSize, decryptBlocks } =
    algorithm.oid === algorithms.pbes2 ? pbes2(algorithm, password, spend) : legacy(algorithm, password, spend);
  if (data.length === 0) throw new GoError("pkcs12: empty encrypted data");
  if (data.length % blockSize !== 0) throw new GoError("pkcs12: input is not a multiple of the block size");
  const decrypted = decryptBlocks(data);
  const padding = decrypted.at(-1) ?? 0;
  const isPadded =
    padding > 0 && padding <= blockSize && decrypted.subarray(-padding).every((byte) => byte === padding);
  if (!isPadded) throw new GoError("pkcs12: decryption error, incorrect padding");
  return decrypted.subarray(0, -padding);
}

interface BlockDecryption {
  readonly blockSize: number;
  readonly decryptBlocks: (data: Uint8Array) => Uint8Array;
}

function pbes2(algorithm: Algorithm, password: Pkcs12Password, spend: Spend): BlockDecryption {
  const fields = parametersOf(algorithm);
  const kdf = readPbkdf2(readAlgorithm(fields), "pbes2");
  const scheme = readAlgorithm(fields);
  const keyLength = aesKeyLengths.get(scheme.oid);
  if (keyLength === undefined) throw notSupported(`pbes2 algorithm ${scheme.oid}`);
  const iv = scheme.parameters?.content ?? new Uint8Array();
  if (iv.length !== AES_BLOCK) {
    throw new GoError(
      `pkcs12: invalid IV length in PBES2 encryption scheme (IV length ${iv.length} does not match block size ${AES_BLOCK})`,
    );
  }
  const key = pbkdf2(password.utf8, kdf, keyLength, spend);
  return { blockSize: AES_BLOCK, decryptBlocks: (data) => decipher(`aes-${keyLength * 8}-cbc`, key, iv, data) };
}

function legacy(algorithm: Algorithm, password: Pkcs12Password, spend: Spend): BlockDecryption {
  const cipher = legacyCiphers.get(algorithm.oid);
  const digest = digests.get(SHA1);
  if (cipher === undefined || digest === undefined) throw notSupported(`pbe algorithm ${algorithm.oid}`);
  const fields = parametersOf(algorithm);
  const parameters = { digest, password: password.ucs2, salt: fields.octets(), iterations: fields.smallInteger() };
  const key = derivePkcs12Key({ ...parameters, purpose: purposes.key, length: cipher.keyLength }, spend);
  const iv = derivePkcs12Key({ ...parameters, purpose: purposes.iv, length: 8 }, spend);
  return {
    blockSize: 8,
    decryptBlocks: (data) =>
      cipher.name === "rc2" ? decryptRc2Cbc(key, iv, data) : decipher(cipher.name, key, iv, data),
  };
}

function decipher(name: string, key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array {
  const decryption = createDecipheriv(name, key, iv).setAutoPadding(false);
  return Buffer.concat([decryption.update(data), decryption.final()]);
}

/** Encrypts with PBES2: AES-256 in CBC mode, the key by 2048 iterations of PBKDF2 with HMAC-SHA-256. */
export function encrypt(
  data: Uint8Array,
  password: Pkcs12Password,
  randomBytes: (length: number) => Uint8Array,
): { readonly algorithm: Uint8Array; readonly encrypted: Uint8Array } {
  const salt = randomBytes(SALT_BYTES);
  const iv = randomBytes(AES_BLOCK);
  const key = pbkdf2Sync(password.utf8, salt, ITERATIONS, 32, "sha256");
  const cipher = createCipheriv("aes-256-cbc", key, iv);
  const prf = sequence(oid(algorithms.hmacWithSha256), nullValue());
  const kdf = sequence(oid(algorithms.pbkdf2), sequence(octetString(salt), integer(ITERATIONS), prf));
  const scheme = sequence(oid(algorithms.aes256Cbc), octetString(iv));
  return {
    algorithm: sequence(oid(algorithms.pbes2), sequence(kdf, scheme)),
    encrypted: Buffer.concat([cipher.update(data), cipher.final()]),
  };
}
