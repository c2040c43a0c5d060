/** Sprig's encryptAES, decryptAES and randBytes. */
import { createCipheriv, createDecipheriv } from "node:crypto";
import { asInt, asString, define } from "../functions/define.ts";
import { bytesOf, type CallContext, GoError, type GoFunction, goString } from "../go-value.ts";
import { decodeBase64OrThrow } from "./base64.ts";

const KEY_BYTES = 32;
const BLOCK_BYTES = 16;
const MAXIMUM_RANDOM_BYTES = 2n ** 31n;

/** The functions by their names in sprig. */
export function aesFunctions(): GoFunction[] {
  return [
    define("encryptAES", ["string", "string"], ([password, text], context) =>
      encrypt(asString(password), asString(text), context),
    ),
    define("decryptAES", ["string", "string"], ([password, text]) => decrypt(asString(password), asString(text))),
    define("randBytes", ["int"], ([count], context) => randomBase64(asInt(count), context)),
  ];
}

/** AES-256 in CBC mode with a random initialization vector before the text, in base64; nothing for nothing. */
function encrypt(password: string, text: string, context: CallContext): string {
  if (text === "") return "";
  const iv = context.randomBytes(BLOCK_BYTES);
  const cipher = createCipheriv("aes-256-cbc", keyOf(password), iv);
  return Buffer.concat([iv, cipher.update(bytesOf(text)), cipher.final()]).toString("base64");
}

/** Only the length of the padding is looked at, as in sprig: a wrong key may give rubbish and no error. */
function decrypt(password: string, text: string): string {
  if (text === "") return "";
  const encrypted = decodeBase64OrThrow(text);
  if (encrypted.length < BLOCK_BYTES) {
    const range = `[:${BLOCK_BYTES}] with capacity ${encrypted.length}`;
    throw new GoError(`runtime error: slice bounds out of range ${range}: the text is no result of encryptAES`);
  }
  if (encrypted.length % BLOCK_BYTES !== 0) throw new GoError("crypto/cipher: input not full blocks");
  if (encrypted.length === BLOCK_BYTES) {
    throw new GoError("runtime error: index out of range [-1]: the text is no result of encryptAES");
  }
  const decipher = createDecipheriv("aes-256-cbc", keyOf(password), encrypted.subarray(0, BLOCK_BYTES));
  decipher.setAutoPadding(false);
  const decrypted = Buffer.concat([decipher.update(encrypted.subarray(BLOCK_BYTES)), decipher.final()]);
  const end = decrypted.length - (decrypted.at(-1) ?? 0);
  if (end < 0) throw new GoError("runtime error: slice bounds out of range: the password is not the one of encryptAES");
  return goString(decrypted.subarray(0, end));
}

/** The password's first 32 bytes, filled up with zeros. */
function keyOf(password: string): Uint8Array {
  const key = Buffer.alloc(KEY_BYTES);
  key.set(bytesOf(password).subarray(0, KEY_BYTES));
  return key;
}

function randomBase64(count: bigint, context: CallContext): string {
  if (count < 0n || count > MAXIMUM_RANDOM_BYTES) throw new GoError("runtime error: makeslice: len out of range");
  context.spend(Number(count) * 2);
  return Buffer.from(context.randomBytes(Number(count))).toString("base64");
}
