/** Sprig's base64 and base32. What cannot be decoded gives the error's text as the value, as in sprig. */
import { InvalidConfiguration } from "../../../providers/errors.ts";
import { decodeValue } from "../../decode.ts";
import { bytesOf, type GoFunction, goString } from "../go-value.ts";
import { asString, define } from "./define.ts";

/** The functions by their names in sprig. */
export function encodingFunctions(): GoFunction[] {
  return [
    define("b64enc", ["string"], ([text]) => Buffer.from(asString(text), "latin1").toString("base64")),
    define("b64dec", ["string"], ([text]) => decodeBase64(asString(text))),
    define("b32enc", ["string"], ([text]) => encodeBase32(asString(text))),
    define("b32dec", ["string"], ([text]) => decodeBase32(asString(text))),
  ];
}

function decodeBase64(text: string): string {
  try {
    return goString(decodeValue(bytesOf(text), "Base64"));
  } catch (error) {
    if (error instanceof InvalidConfiguration) return error.message;
    throw error;
  }
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function encodeBase32(text: string): string {
  let output = "";
  for (let at = 0; at < text.length; at += 5) {
    const bytes = text.slice(at, at + 5);
    let bits = 0n;
    for (let index = 0; index < 5; index++) bits = (bits << 8n) | BigInt(bytes.charCodeAt(index) || 0);
    const characters = Array.from({ length: 8 }, (_, index) =>
      ALPHABET.charAt(Number((bits >> BigInt(35 - 5 * index)) & 31n)),
    );
    output += characters
      .join("")
      .slice(0, Math.ceil((bytes.length * 8) / 5))
      .padEnd(8, "=");
  }
  return output;
}

/** Line feeds and carriage returns are left out; offsets in errors count without them, as in Go. */
function decodeBase32(text: string): string {
  const input = text.replace(/[\r\n]/g, "");
  let output = "";
  for (let at = 0; at < input.length; at += 8) {
    const group = input.slice(at, at + 8);
    const length = dataLength(group, at, input.length);
    if (typeof length === "string") return length;
    output += decodedGroup(group.slice(0, length));
    if (length < 8) break;
  }
  return output;
}

/** How many characters of a group are data, or the error's text. */
function dataLength(group: string, at: number, total: number): number | string {
  for (let index = 0; index < 8; index++) {
    if (index >= group.length) return corruptAt(total - index);
    const character = group.charAt(index);
    if (character === "=" && index >= 2 && total - at - index - 1 < 8) {
      return paddedLength(group, index, at, total);
    }
    if (!ALPHABET.includes(character)) return corruptAt(at + index);
  }
  return 8;
}

/** The padding from `index` on must fill the group, and nothing may follow that Go looks at. */
function paddedLength(group: string, index: number, at: number, total: number): number | string {
  const rest = total - at - index - 1;
  if (rest + index < 7) return corruptAt(total);
  for (let next = index + 1; next < 8; next++) if (group.charAt(next) !== "=") return corruptAt(at + next - 1);
  return index === 3 || index === 6 ? corruptAt(at + index) : index;
}

function decodedGroup(characters: string): string {
  let bits = 0n;
  for (let index = 0; index < 8; index++) {
    bits = (bits << 5n) | BigInt(Math.max(0, ALPHABET.indexOf(characters.charAt(index) || "A")));
  }
  const bytes = Array.from({ length: 5 }, (_, index) => Number((bits >> BigInt(32 - 8 * index)) & 255n));
  return String.fromCharCode(...bytes.slice(0, Math.floor((characters.length * 5) / 8)));
}

function corruptAt(offset: number): string {
  return `illegal base32 data at input byte ${offset}`;
}
