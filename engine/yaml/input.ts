/** Takes the bytes of a YAML stream for text, as far as YAML 1.1 permits its characters. */
import { yamlErrorAt } from "./yaml-error.ts";

/** Tab, line feed, carriage return, NEL and everything printable; no byte order mark in between is refused. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is about control characters
const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/;

/**
 * The text of a stream, without its byte order mark. UTF-8, or UTF-16 where a byte order mark says so.
 * @param stream a Go string, one character per byte
 * @throws YamlError in Go's words for what is no such text
 */
export function textOfStream(stream: string): string {
  const bytes = Buffer.from(stream, "latin1");
  const text = stream.startsWith("\xff\xfe")
    ? utf16(bytes.subarray(2))
    : stream.startsWith("\xfe\xff")
      ? utf16(swapped(bytes.subarray(2)))
      : utf8(stream.startsWith("\xef\xbb\xbf") ? bytes.subarray(3) : bytes);
  if (FORBIDDEN.test(text)) throw yamlErrorAt(0, "control characters are not allowed");
  return text;
}

function utf8(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString("utf8");
  if (text.includes("\ufffd") && !Buffer.from(text, "utf8").equals(bytes)) throw yamlErrorAt(0, utf8Problem(bytes));
  return text;
}

function utf16(bytes: Uint8Array): string {
  if (bytes.length % 2 === 1) throw yamlErrorAt(0, "incomplete UTF-16 character");
  const text = Buffer.from(bytes).toString("utf16le");
  if (!text.isWellFormed()) throw yamlErrorAt(0, "expected low surrogate area");
  return text;
}

function swapped(bytes: Uint8Array): Uint8Array {
  return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2))).swap16();
}

/** Which rule of UTF-8 is broken first. */
function utf8Problem(bytes: Uint8Array): string {
  for (let at = 0; at < bytes.length; ) {
    const size = sequenceLength(bytes[at] ?? 0);
    if (size === 0) return "invalid leading UTF-8 octet";
    if (at + size > bytes.length) return "incomplete UTF-8 octet sequence";
    let value = (bytes[at] ?? 0) & (size === 1 ? 0x7f : 0x7f >> size);
    for (let next = at + 1; next < at + size; next++) {
      const octet = bytes[next] ?? 0;
      if ((octet & 0xc0) !== 0x80) return "invalid trailing UTF-8 octet";
      value = (value << 6) | (octet & 0x3f);
    }
    if (value < (SMALLEST[size] ?? 0)) return "invalid length of a UTF-8 sequence";
    if ((value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff) return "invalid Unicode character";
    at += size;
  }
  return "invalid Unicode character";
}

/** The smallest code point that may be written with so many bytes. */
const SMALLEST = [0, 0, 0x80, 0x800, 0x10000];

function sequenceLength(octet: number): number {
  if (octet < 0x80) return 1;
  if ((octet & 0xe0) === 0xc0) return 2;
  if ((octet & 0xf0) === 0xe0) return 3;
  return (octet & 0xf8) === 0xf0 ? 4 : 0;
}
