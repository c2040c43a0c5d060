/** String and character constants: what they stand for, as Go's `strconv.Unquote` reads them. */

import { decodeRune, encodeRune, MAX_RUNE } from "./fmt/utf8.ts";

/** The Go string that a constant in double quotes or backquotes stands for; undefined if it is not valid. */
export function unquote(quoted: string): string | undefined {
  const body = quoted.slice(1, -1);
  if (quoted.startsWith("`")) return body.replaceAll("\r", "");
  if (PLAIN.test(body)) return body;
  const parts: string[] = [];
  for (let at = 0; at < body.length; ) {
    const character = unquoteCharacter(body, at, '"');
    if (character === undefined) return undefined;
    parts.push(character.isByte ? String.fromCharCode(character.value) : encodeRune(character.value));
    at += character.size;
  }
  return parts.join("");
}

/** The rune that a character constant, quotes and all, stands for; undefined if it is not valid, "malformed" if more follows. */
export function unquoteRune(quoted: string): number | "malformed" | undefined {
  const character = unquoteCharacter(quoted.slice(1), 0, "'");
  if (character === undefined) return undefined;
  return character.size === quoted.length - 2 ? character.value : "malformed";
}

const PLAIN = /^[ !\x23-\x5b\x5d-\x7e]*$/;

interface Character {
  readonly value: number;
  /** Written as `\x41` or `\101`: one byte, no rune. */
  readonly isByte: boolean;
  /** In bytes of the constant. */
  readonly size: number;
}

const SIMPLE_ESCAPES = new Map([
  ["a", 7],
  ["b", 8],
  ["t", 9],
  ["n", 10],
  ["v", 11],
  ["f", 12],
  ["r", 13],
  ["\\", 0x5c],
]);

/** How many hexadecimal digits follow each letter. */
const HEX_DIGITS = new Map([
  ["x", 2],
  ["u", 4],
  ["U", 8],
]);

function unquoteCharacter(text: string, at: number, delimiter: string): Character | undefined {
  const first = text.charAt(at);
  if (first === "" || first === delimiter || first === "\n") return undefined;
  if (first !== "\\") {
    const decoded = decodeRune(text, at);
    return { value: decoded >>> 3, isByte: false, size: decoded & 7 };
  }
  const letter = text.charAt(at + 1);
  const simple = letter === delimiter ? delimiter.charCodeAt(0) : SIMPLE_ESCAPES.get(letter);
  if (simple !== undefined) return { value: simple, isByte: false, size: 2 };
  const digits = HEX_DIGITS.get(letter);
  return digits === undefined ? octal(text, at) : hexadecimal(text, at, digits);
}

function hexadecimal(text: string, at: number, digits: number): Character | undefined {
  const number = text.slice(at + 2, at + 2 + digits);
  if (number.length !== digits || !/^[0-9a-fA-F]+$/.test(number)) return undefined;
  const value = Number.parseInt(number, 16);
  const isByte = digits === 2;
  if (!isByte && (value > MAX_RUNE || (value >= 0xd800 && value <= 0xdfff))) return undefined;
  return { value, isByte, size: 2 + digits };
}

function octal(text: string, at: number): Character | undefined {
  const number = text.slice(at + 1, at + 4);
  if (!/^[0-7]{3}$/.test(number)) return undefined;
  const value = Number.parseInt(number, 8);
  return value > 255 ? undefined : { value, isByte: true, size: 4 };
}
