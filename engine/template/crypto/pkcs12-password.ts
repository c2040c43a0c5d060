/** Passwords of PKCS#12 files, and the keys that are derived from them (RFC 7292, appendix B). */
import { hash } from "node:crypto";
import { GoError, textOf } from "../go-value.ts";
import { unsignedOf } from "./der-reader.ts";
import { fixedLength } from "./der-writer.ts";
import type { digests } from "./pkcs12-oids.ts";

/** Counts an iteration's work against the template's limits. */
export type Spend = (steps: number) => void;

/** A password in the two forms in which algorithms take it. */
export interface Pkcs12Password {
  /** UCS-2 with a zero at its end; empty where a program wrote none for the empty password. */
  readonly ucs2: Uint8Array;
  readonly utf8: Uint8Array;
}

/** What an empty password is to programs that leave the zero at its end out. */
export const noPassword: Pkcs12Password = { ucs2: new Uint8Array(), utf8: new Uint8Array() };

/** @throws GoError for characters outside of Unicode's first plane. */
export function pkcs12Password(password: string): Pkcs12Password {
  const text = textOf(password);
  return { ucs2: Buffer.concat([ucs2(text), Buffer.alloc(2)]), utf8: Buffer.from(text) };
}

/** Big-endian UCS-2 of a text. */
export function ucs2(text: string): Uint8Array {
  if (/[\ud800-\udfff]/.test(text)) {
    throw new GoError("pkcs12: string contains characters that cannot be encoded in UCS-2");
  }
  return Buffer.from(text, "utf16le").swap16();
}

type Digest = typeof digests extends ReadonlyMap<string, infer Value> ? Value : never;

/** What derived bytes are for. */
export const purposes = { key: 1, iv: 2, mac: 3 } as const;

interface Derivation {
  readonly digest: Digest;
  readonly purpose: (typeof purposes)[keyof typeof purposes];
  readonly password: Uint8Array;
  readonly salt: Uint8Array;
  readonly iterations: number;
  /** In bytes. */
  readonly length: number;
}

/** The derivation of PKCS#12 itself. */
export function derivePkcs12Key(derivation: Derivation, spend: Spend): Uint8Array {
  const { digest, purpose, password, salt, iterations, length } = derivation;
  const diversifier = Buffer.alloc(digest.block, purpose);
  let input = Buffer.concat([fillBlocks(salt, digest.block), fillBlocks(password, digest.block)]);
  const chunks: Uint8Array[] = [];
  for (let derived = 0; derived < length; derived += digest.size) {
    spend(Math.max(1, iterations));
    let chunk = hash(digest.name, Buffer.concat([diversifier, input]), "buffer");
    for (let iteration = 1; iteration < iterations; iteration++) chunk = hash(digest.name, chunk, "buffer");
    chunks.push(chunk);
    input = addToBlocks(input, chunk, digest.block);
  }
  return Buffer.concat(chunks).subarray(0, length);
}

/** Copies of the bytes that fill whole blocks; nothing for nothing. */
function fillBlocks(bytes: Uint8Array, block: number): Uint8Array {
  if (bytes.length === 0) return bytes;
  return Buffer.alloc(Math.ceil(bytes.length / block) * block, bytes);
}

/** Adds the chunk, repeated to a block's length, and one to each block as to a number. */
function addToBlocks(input: Buffer, chunk: Uint8Array, block: number): Buffer<ArrayBuffer> {
  const addend = unsignedOf(Buffer.alloc(block, chunk)) + 1n;
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < input.length; at += block) {
    blocks.push(fixedLength(unsignedOf(input.subarray(at, at + block)) + addend, block));
  }
  return Buffer.concat(blocks);
}
