/** bcrypt, of bytes: libraries take strings, and would hash the UTF-8 of a password that is not UTF-8. */
import { GoError } from "../go-value.ts";
import { piFraction } from "./pi-fraction.ts";

const COST = 10;
const ROUNDS = 16;
const SUBKEYS = ROUNDS + 2;
const SALT_BYTES = 16;
const MAXIMUM_BYTES = 72;
/** Big-endian words of "OrpheanBeholderScryDoubt". */
const MAGIC = [0x4f727068, 0x65616e42, 0x65686f6c, 0x64657253, 0x63727944, 0x6f756274];

/** A Blowfish state: subkeys and the four substitution boxes, one after the other. */
interface Blowfish {
  readonly subkeys: Int32Array;
  readonly boxes: Int32Array;
}

let initialState: Int32Array | undefined;

/**
 * The hash of a password in the form `$2a$10$…`.
 * @param salt 16 random bytes.
 * @throws GoError for a password longer than 72 bytes.
 */
export function bcryptHash(password: Uint8Array, salt: Uint8Array, cost = COST): string {
  if (password.length > MAXIMUM_BYTES) throw new GoError("bcrypt: password length exceeds 72 bytes");
  if (salt.length !== SALT_BYTES) throw new RangeError(`a bcrypt salt has ${SALT_BYTES} bytes`);
  const key = cyclicWords(Buffer.concat([password, Uint8Array.of(0)]));
  const saltWords = cyclicWords(salt);
  initialState ??= Int32Array.from(piFraction(SUBKEYS + 4 * 256));
  const state = { subkeys: initialState.slice(0, SUBKEYS), boxes: initialState.slice(SUBKEYS) };
  expand(state, key, saltWords);
  for (let round = 0; round < 1 << cost; round++) {
    expand(state, key);
    expand(state, saltWords);
  }
  const digest = encryptMagic(state).subarray(0, 23);
  return `$2a$${String(cost).padStart(2, "0")}$${encode(salt)}${encode(digest)}`;
}

/** As many words as there are subkeys, from the bytes again and again. */
function cyclicWords(bytes: Uint8Array): Int32Array {
  const byteAt = (index: number): number => bytes[index % bytes.length] ?? 0;
  return Int32Array.from({ length: SUBKEYS }, (_, word) => {
    const at = word * 4;
    return (byteAt(at) << 24) | (byteAt(at + 1) << 16) | (byteAt(at + 2) << 8) | byteAt(at + 3);
  });
}

/** Mixes a key into the state; where there is a salt, its four words are mixed in turn into each block. */
function expand(state: Blowfish, key: Int32Array, salt?: Int32Array): void {
  const { subkeys, boxes } = state;
  for (let i = 0; i < SUBKEYS; i++) subkeys[i] = (subkeys[i] ?? 0) ^ (key[i] ?? 0);
  const block = new Int32Array(2);
  let saltAt = 0;
  for (const target of [subkeys, boxes]) {
    for (let i = 0; i < target.length; i += 2) {
      if (salt !== undefined) {
        block[0] = (block[0] ?? 0) ^ (salt[saltAt] ?? 0);
        block[1] = (block[1] ?? 0) ^ (salt[saltAt + 1] ?? 0);
        saltAt = (saltAt + 2) % 4;
      }
      encrypt(state, block);
      target.set(block, i);
    }
  }
}

/** Encrypts one block in place. The casts say that indexes are within the tables, as masks and lengths make sure. */
function encrypt({ subkeys, boxes }: Blowfish, block: Int32Array): void {
  let left = (block[0] as number) ^ (subkeys[0] as number);
  let right = block[1] as number;
  for (let round = 1; round <= ROUNDS; round += 2) {
    right ^= mix(boxes, left) ^ (subkeys[round] as number);
    left ^= mix(boxes, right) ^ (subkeys[round + 1] as number);
  }
  block[0] = right ^ (subkeys[ROUNDS + 1] as number);
  block[1] = left;
}

function mix(boxes: Int32Array, half: number): number {
  const sum = (boxes[half >>> 24] as number) + (boxes[256 + ((half >>> 16) & 0xff)] as number);
  return ((sum ^ (boxes[512 + ((half >>> 8) & 0xff)] as number)) + (boxes[768 + (half & 0xff)] as number)) | 0;
}

function encryptMagic(state: Blowfish): Uint8Array {
  const output = Buffer.alloc(MAGIC.length * 4);
  for (let pair = 0; pair < MAGIC.length; pair += 2) {
    const block = Int32Array.from(MAGIC.slice(pair, pair + 2));
    for (let time = 0; time < 64; time++) encrypt(state, block);
    output.writeInt32BE(block[0] ?? 0, pair * 4);
    output.writeInt32BE(block[1] ?? 0, pair * 4 + 4);
  }
  return output;
}

const STANDARD = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BCRYPT = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Base64 in bcrypt's own alphabet, without padding. */
function encode(bytes: Uint8Array): string {
  const standard = Buffer.from(bytes).toString("base64").replace(/=+$/, "");
  return standard.replace(/./g, (character) => BCRYPT[STANDARD.indexOf(character)] ?? "");
}
