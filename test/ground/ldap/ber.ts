/** The part of ASN.1's Basic Encoding Rules that LDAP is written in: definite lengths, tags of one byte. */

/** One element. */
export interface BerElement {
  readonly tag: number;
  readonly content: Buffer;
}

/** The first element of the bytes and where it ends; undefined where more bytes are needed. @throws for a form that LDAP forbids. */
export function readElement(bytes: Buffer): (BerElement & { readonly end: number }) | undefined {
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined) return undefined;
  if (first === 0x80 || first > 0x84) throw new Error("LDAP knows no such length");
  const lengthBytes = first > 0x80 ? first - 0x80 : 0;
  const start = 2 + lengthBytes;
  if (bytes.length < start) return undefined;
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(2, lengthBytes);
  const end = start + length;
  return bytes.length < end ? undefined : { tag, content: bytes.subarray(start, end), end };
}

/** The elements that an element holds. @throws where they are cut off. */
export function elementsOf(content: Buffer): readonly BerElement[] {
  const elements: BerElement[] = [];
  for (let rest = content; rest.length > 0; ) {
    const element = readElement(rest);
    if (element === undefined) throw new Error("an element is cut off");
    elements.push(element);
    rest = rest.subarray(element.end);
  }
  return elements;
}

/** An element with these bytes, or with these elements one after the other. */
export function element(tag: number, ...contents: readonly (Buffer | string)[]): Buffer {
  const content = Buffer.concat(contents.map((each) => Buffer.from(each)));
  if (content.length < 0x80) return Buffer.concat([Buffer.from([tag, content.length]), content]);
  const head = Buffer.alloc(6);
  head.writeUInt8(tag);
  head.writeUInt8(0x84, 1);
  head.writeUInt32BE(content.length, 2);
  return Buffer.concat([head, content]);
}

/** A small number as INTEGER (2) or ENUMERATED (10). */
export function small(tag: number, value: number): Buffer {
  return element(tag, Buffer.from([value]));
}
