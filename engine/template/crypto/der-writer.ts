/** Writes ASN.1 in DER. */

/** Identifier octets. */
export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  t61String: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
  /** A field's own tag around a whole element (explicit) or around several. */
  context: (number: number): number => 0xa0 | number,
  /** A field's own tag in the place of a primitive type's. */
  primitive: (number: number): number => 0x80 | number,
} as const;

/** One element whose content is the parts, one after the other. */
export function element(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  return Buffer.concat([Uint8Array.of(tag, ...lengthOctets(content.length)), content]);
}

export const sequence = (...parts: readonly Uint8Array[]): Uint8Array => element(tags.sequence, ...parts);
export const set = (...parts: readonly Uint8Array[]): Uint8Array => element(tags.set, ...parts);
export const octetString = (bytes: Uint8Array): Uint8Array => element(tags.octetString, bytes);
/** A BIT STRING of whole bytes; `padding` is how many of the last byte's bits do not count. */
export const bitString = (bytes: Uint8Array, padding = 0): Uint8Array =>
  element(tags.bitString, Uint8Array.of(padding), bytes);
export const nullValue = (): Uint8Array => element(tags.null);
export const trueValue = (): Uint8Array => element(tags.boolean, Uint8Array.of(0xff));

export function integer(value: bigint | number): Uint8Array {
  const number = BigInt(value);
  const magnitude = number < 0n ? -number - 1n : number;
  const length = Math.floor(magnitude.toString(2).length / 8) + 1;
  return element(tags.integer, fixedLength(number, length));
}

/** An unsigned number in exactly so many big-endian bytes; higher bits are cut off. */
export function fixedLength(value: bigint, length: number): Uint8Array {
  return Buffer.from(
    BigInt.asUintN(length * 8, value)
      .toString(16)
      .padStart(length * 2, "0"),
    "hex",
  );
}

/** The OBJECT IDENTIFIER of a dotted form. */
export function oid(dotted: string): Uint8Array {
  const [root = 0n, second = 0n, ...others] = dotted.split(".").map(BigInt);
  const octets = [root * 40n + second, ...others].flatMap((part) => {
    const groups = [Number(part & 0x7fn)];
    for (let rest = part >> 7n; rest > 0n; rest >>= 7n) groups.unshift(Number(rest & 0x7fn) | 0x80);
    return groups;
  });
  return element(tags.oid, Uint8Array.from(octets));
}

/** UTCTime from 1950 to 2049, GeneralizedTime outside of it; to the second, as X.509 asks. */
export function time(unixSeconds: bigint): Uint8Array {
  const text = new Date(Number(unixSeconds) * 1000).toISOString();
  const digits = `${text.slice(0, 19).replace(/\D/g, "")}Z`;
  const year = Number(text.slice(0, 4));
  return year >= 1950 && year < 2050
    ? element(tags.utcTime, Buffer.from(digits.slice(2)))
    : element(tags.generalizedTime, Buffer.from(digits));
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest & 0xff);
  return [0x80 | octets.length, ...octets];
}
