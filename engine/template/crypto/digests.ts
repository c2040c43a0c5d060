/** Sprig's digests: sha1sum, sha256sum, sha512sum and adler32sum; and ESO's hexdec, which reads what they print. */
import { hash } from "node:crypto";
import { isPrintable } from "../fmt/printable.ts";
import { asString, define } from "../functions/define.ts";
import { bytesOf, type GoFunction, goString } from "../go-value.ts";

/** The functions by their names in sprig. */
export function digestFunctions(): GoFunction[] {
  const hexadecimal = (name: string, algorithm: string): GoFunction =>
    define(name, ["string"], ([text]) => hash(algorithm, bytesOf(asString(text)), "hex"));
  return [
    hexadecimal("sha1sum", "sha1"),
    hexadecimal("sha256sum", "sha256"),
    hexadecimal("sha512sum", "sha512"),
    define("adler32sum", ["string"], ([text]) => String(adler32(bytesOf(asString(text))))),
    define("hexdec", ["string"], ([text]) => decodeHexadecimal(asString(text))),
  ];
}

function adler32(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) % 65521;
    high = (high + low) % 65521;
  }
  return high * 65536 + low;
}

/** The bytes; what is wrong becomes the value, as in ESO. */
function decodeHexadecimal(text: string): string {
  const fault = text.search(/[^0-9A-Fa-f]/);
  if (fault >= 0) return `encoding/hex: invalid byte: ${unicodeForm(text.charCodeAt(fault))}`;
  if (text.length % 2 === 1) return "encoding/hex: odd length hex string";
  return goString(Buffer.from(text, "hex"));
}

/** Go's `%#U` of a byte. */
function unicodeForm(code: number): string {
  const form = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  return isPrintable(code) ? `${form} '${goString(String.fromCharCode(code))}'` : form;
}
