/** RC2 (RFC 2268), decryption only: old PKCS#12 files hold their certificates in it, and OpenSSL 3 leaves it out by default. */

/** RFC 2268's permutation of the bytes, made from the digits of π. */
const PI_TABLE = Buffer.from(
  "d978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2" +
    "179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82" +
    "54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626" +
    "6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7" +
    "08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ec" +
    "c2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731" +
    "2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a9" +
    "0d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad",
  "hex",
);

const BLOCK = 8;
const ROTATIONS = [1, 2, 3, 5] as const;

/**
 * Decrypts whole blocks in CBC mode; padding stays.
 * @param key 1 to 128 bytes, all of whose bits count.
 */
export function decryptRc2Cbc(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array {
  const expanded = expandKey(key);
  const output = Buffer.alloc(data.length);
  let previous = iv;
  for (let at = 0; at < data.length; at += BLOCK) {
    const encrypted = data.subarray(at, at + BLOCK);
    const block = decryptBlock(expanded, encrypted);
    for (let i = 0; i < BLOCK; i++) output[at + i] = (block[i] ?? 0) ^ (previous[i] ?? 0);
    previous = encrypted;
  }
  return output;
}

/** 64 words of 16 bits. */
function expandKey(key: Uint8Array): Uint16Array {
  const bytes = Buffer.alloc(128);
  bytes.set(key);
  const pi = (index: number): number => PI_TABLE[index & 0xff] ?? 0;
  const at = (index: number): number => bytes[index] ?? 0;
  for (let i = key.length; i < 128; i++) bytes[i] = pi(at(i - 1) + at(i - key.length));
  bytes[128 - key.length] = pi(at(128 - key.length));
  for (let i = 127 - key.length; i >= 0; i--) bytes[i] = pi(at(i + 1) ^ at(i + key.length));
  return Uint16Array.from({ length: 64 }, (_, word) => bytes.readUInt16LE(word * 2));
}

function decryptBlock(key: Uint16Array, encrypted: Uint8Array): Uint8Array {
  const source = Buffer.from(encrypted);
  const words = Uint16Array.from({ length: 4 }, (_, word) => source.readUInt16LE(word * 2));
  let keyAt = 63;
  for (let round = 15; round >= 0; round--) {
    for (let i = 3; i >= 0; i--) unmix(words, i, key[keyAt--] ?? 0);
    if (round !== 11 && round !== 5) continue;
    for (let i = 3; i >= 0; i--) words[i] = (words[i] ?? 0) - (key[(words[(i + 3) % 4] ?? 0) & 63] ?? 0);
  }
  const output = Buffer.alloc(BLOCK);
  for (const [i, word] of words.entries()) output.writeUInt16LE(word, i * 2);
  return output;
}

function unmix(words: Uint16Array, i: number, key: number): void {
  const [before, two, three] = [words[(i + 3) % 4] ?? 0, words[(i + 2) % 4] ?? 0, words[(i + 1) % 4] ?? 0];
  const shift = ROTATIONS[i] ?? 1;
  const word = words[i] ?? 0;
  const rotated = (word >>> shift) | (word << (16 - shift));
  words[i] = rotated - key - (before & two) - (~before & three);
}
