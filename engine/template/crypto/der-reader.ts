/** Reads ASN.1 in DER, as strictly as Go's encoding/asn1: no indefinite lengths, no lengths longer than they must be. */
import { GoError } from "../go-value.ts";
import { tags } from "./der-writer.ts";

/** One element: its identifier octet, its content, and both with the length between them. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly raw: Uint8Array;
}

const syntaxError = (message: string): GoError => new GoError(`asn1: syntax error: ${message}`);
const structureError = (message: string): GoError => new GoError(`asn1: structure error: ${message}`);

/** Walks over the elements of one content. Every method throws a `GoError` with Go's wording where the bytes are wrong. */
export class DerReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isEmpty(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** The next element's identifier octet; `undefined` at the end. */
  peek(): number | undefined {
    return this.#bytes[this.#at];
  }

  /** The next element, of any type. */
  any(): DerElement {
    const start = this.#at;
    const tag = this.#bytes[this.#at++];
    if (tag === undefined) throw syntaxError("sequence truncated");
    if ((tag & 0x1f) === 0x1f) throw structureError("invalid tag number");
    const length = this.#length();
    const end = this.#at + length;
    if (end > this.#bytes.length) throw syntaxError("data truncated");
    const content = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return { tag, content, raw: this.#bytes.subarray(start, end) };
  }

  /** The content of the next element, which must have this identifier octet. */
  read(tag: number): Uint8Array {
    const element = this.any();
    if (element.tag !== tag) throw structureError("tags don't match");
    return element.content;
  }

  /** The content of the next element if it has this identifier octet. */
  optional(tag: number): Uint8Array | undefined {
    return this.peek() === tag ? this.any().content : undefined;
  }

  sequence(): DerReader {
    return new DerReader(this.read(tags.sequence));
  }

  integer(): bigint {
    return integerOf(this.read(tags.integer));
  }

  /** An integer that Go reads into an `int`. */
  smallInteger(): number {
    const value = this.integer();
    if (value !== BigInt.asIntN(64, value)) throw structureError("integer too large");
    return Number(value);
  }

  /** An object identifier in dotted form. */
  oid(): string {
    return oidOf(this.read(tags.oid));
  }

  octets(): Uint8Array {
    return this.read(tags.octetString);
  }

  bits(): Uint8Array {
    return bitsOf(this.read(tags.bitString));
  }

  /** What an explicit tag holds, if the next element has it and holds an element of this identifier octet, as Go reads optional fields. */
  optionalExplicit(number: number, innerTag: number): DerReader | undefined {
    if (this.isEmpty) return undefined;
    const start = this.#at;
    const { tag, content } = this.any();
    if (tag === tags.context(number) && content[0] === innerTag) return new DerReader(content);
    this.#at = start;
    return undefined;
  }

  #length(): number {
    const first = this.#bytes[this.#at++];
    if (first === undefined) throw syntaxError("truncated tag or length");
    if (first < 0x80) return first;
    const count = first & 0x7f;
    if (count === 0) throw syntaxError("indefinite length found (not DER)");
    let length = 0;
    for (let i = 0; i < count; i++) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw syntaxError("truncated tag or length");
      if (length >= 1 << 23) throw structureError("length too large");
      length = length * 256 + byte;
      if (length === 0) throw structureError("superfluous leading zeros in length");
    }
    if (length < 0x80) throw structureError("non-minimal length");
    return length;
  }
}

/** Reads one element that must fill the bytes. */
export function onlyElement<Result>(
  bytes: Uint8Array,
  read: (reader: DerReader) => Result,
  trailing = "asn1: syntax error: trailing data",
): Result {
  const reader = new DerReader(bytes);
  const result = read(reader);
  if (!reader.isEmpty) throw new GoError(trailing);
  return result;
}

/** The value of an INTEGER's content (two's complement). */
export function integerOf(content: Uint8Array): bigint {
  const [first, second] = content;
  if (first === undefined) throw structureError("empty integer");
  if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) {
    throw structureError("integer not minimally-encoded");
  }
  return BigInt.asIntN(content.length * 8, unsignedOf(content));
}

/** The number that big-endian bytes spell; zero for none. */
export function unsignedOf(bytes: Uint8Array): bigint {
  return BigInt(`0x0${Buffer.from(bytes).toString("hex")}`);
}

/** The dotted form of an OBJECT IDENTIFIER's content. */
export function oidOf(content: Uint8Array): string {
  const parts: number[] = [];
  let part = 0;
  let isOpen = false;
  for (const byte of content) {
    if (!isOpen && byte === 0x80) throw syntaxError("integer is not minimally encoded");
    part = part * 128 + (byte & 0x7f);
    if (part > 0x7fffffff) throw structureError("base 128 integer too large");
    isOpen = byte >= 0x80;
    if (isOpen) continue;
    parts.push(part);
    part = 0;
  }
  const [first, ...others] = parts;
  if (isOpen) throw syntaxError("truncated base 128 integer");
  if (first === undefined) throw syntaxError("zero length OBJECT IDENTIFIER");
  const root = first < 80 ? Math.floor(first / 40) : 2;
  return [root, first - root * 40, ...others].join(".");
}

/** The bits of a BIT STRING's content; those of the last byte that are padding must be zero. */
export function bitsOf(content: Uint8Array): Uint8Array {
  const [padding] = content;
  if (padding === undefined) throw syntaxError("zero length BIT STRING");
  const last = content.at(-1) ?? 0;
  if (padding > 7 || (content.length === 1 && padding > 0) || (last & ((1 << padding) - 1) && content.length > 1)) {
    throw syntaxError("invalid padding bits in BIT STRING");
  }
  return content.subarray(1);
}
