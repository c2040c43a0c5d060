/** Scans anchors, aliases, tags and directives. */
import { type Cursor, isBlank, isBlankOrEnd, isBreakOrEnd, isDigit, isWord, type Mark } from "./cursor.ts";
import { type Token, tokenOf } from "./tokens.ts";
import { type YamlError, yamlErrorAt } from "./yaml-error.ts";

/** A scanner's error, at the line where the cursor is; Go does not name the first one. */
export function scanError(cursor: Cursor, problem: string): YamlError {
  return yamlErrorAt(cursor.line > 0 ? cursor.line + 1 : 0, problem);
}

const AFTER_ANCHOR = "?:,]}%@`";

/** `&name` or `*name`. */
export function scanAnchor(cursor: Cursor, type: "anchor" | "alias"): Token {
  const start = cursor.mark();
  cursor.skip();
  const value = readWord(cursor);
  const next = cursor.peek();
  if (value === "" || !(isBlankOrEnd(next) || AFTER_ANCHOR.includes(String.fromCharCode(next)))) {
    throw scanError(cursor, "did not find expected alphabetic or numeric character");
  }
  return tokenOf(type, start, { value });
}

/** `!local`, `!!type`, `!handle!type` or `!<uri>`. */
export function scanTag(cursor: Cursor): Token {
  const start = cursor.mark();
  let value = "";
  let suffix: string;
  if (cursor.peek(1) === 0x3c) {
    cursor.skip(2);
    suffix = scanUri(cursor, "");
    if (cursor.peek() !== 0x3e) throw scanError(cursor, "did not find the expected '>'");
    cursor.skip();
  } else {
    value = scanTagHandle(cursor, false);
    if (value.length > 1 && value.endsWith("!")) {
      suffix = scanUri(cursor, "");
    } else {
      suffix = scanUri(cursor, value);
      value = suffix === "" ? "" : "!";
      if (suffix === "") suffix = "!";
    }
  }
  if (!isBlankOrEnd(cursor.peek())) throw scanError(cursor, "did not find expected whitespace or line break");
  return tokenOf("tag", start, { value, suffix });
}

function scanTagHandle(cursor: Cursor, isDirective: boolean): string {
  if (cursor.peek() !== 0x21) throw scanError(cursor, "did not find expected '!'");
  const handle = cursor.read() + readWord(cursor);
  if (cursor.peek() === 0x21) return handle + cursor.read();
  if (isDirective && handle !== "!") throw scanError(cursor, "did not find expected '!'");
  return handle;
}

const URI_CHARACTERS = ";/?:@&=+$,.!~*'()[]%";

/** @param head the handle that turned out to be the beginning of the tag itself */
function scanUri(cursor: Cursor, head: string): string {
  let uri = head.slice(1);
  let isThere = head !== "";
  for (let next = cursor.peek(); isWord(next) || (next !== 0 && URI_CHARACTERS.includes(String.fromCharCode(next))); ) {
    uri += next === 0x25 ? scanEscapedCharacter(cursor) : cursor.read();
    isThere = true;
    next = cursor.peek();
  }
  if (!isThere) throw scanError(cursor, "did not find expected tag URI");
  return uri;
}

/** `%C3%A9`: one character by its UTF-8 bytes. */
function scanEscapedCharacter(cursor: Cursor): string {
  const octets: number[] = [];
  let size = 1;
  while (octets.length < size) {
    const digits = String.fromCharCode(cursor.peek(1), cursor.peek(2));
    if (cursor.peek() !== 0x25 || !/^[0-9a-fA-F]{2}$/.test(digits)) {
      throw scanError(cursor, "did not find URI escaped octet");
    }
    const octet = Number.parseInt(digits, 16);
    if (octets.length === 0) {
      size =
        octet < 0x80 ? 1 : (octet & 0xe0) === 0xc0 ? 2 : (octet & 0xf0) === 0xe0 ? 3 : (octet & 0xf8) === 0xf0 ? 4 : 0;
      if (size === 0) throw scanError(cursor, "found an incorrect leading UTF-8 octet");
    } else if ((octet & 0xc0) !== 0x80) {
      throw scanError(cursor, "found an incorrect trailing UTF-8 octet");
    }
    octets.push(octet);
    cursor.skip(3);
  }
  return Buffer.from(octets).toString("utf8");
}

/** `%YAML 1.1` or `%TAG ! prefix`, up to and with its line break. */
export function scanDirective(cursor: Cursor): Token {
  const start = cursor.mark();
  cursor.skip();
  const name = readWord(cursor);
  if (name === "") throw scanError(cursor, "could not find expected directive name");
  if (!isBlankOrEnd(cursor.peek())) throw scanError(cursor, "found unexpected non-alphabetical character");
  const token = directive(cursor, name, start);
  cursor.skipBlanks();
  cursor.skipComment();
  if (!isBreakOrEnd(cursor.peek())) throw scanError(cursor, "did not find expected comment or line break");
  cursor.readBreak();
  return token;
}

function directive(cursor: Cursor, name: string, start: Mark): Token {
  cursor.skipBlanks();
  if (name === "YAML") {
    const major = versionNumber(cursor);
    if (cursor.peek() !== 0x2e) throw scanError(cursor, "did not find expected digit or '.' character");
    cursor.skip();
    return tokenOf("version-directive", start, { value: `${major}.${versionNumber(cursor)}` });
  }
  if (name !== "TAG") throw scanError(cursor, "found unknown directive name");
  const value = scanTagHandle(cursor, true);
  if (!isBlank(cursor.peek())) throw scanError(cursor, "did not find expected whitespace");
  cursor.skipBlanks();
  const suffix = scanUri(cursor, "");
  if (!isBlankOrEnd(cursor.peek())) throw scanError(cursor, "did not find expected whitespace or line break");
  return tokenOf("tag-directive", start, { value, suffix });
}

const MAX_VERSION_DIGITS = 2;

function versionNumber(cursor: Cursor): number {
  let digits = "";
  while (isDigit(cursor.peek())) {
    if (digits.length === MAX_VERSION_DIGITS) throw scanError(cursor, "found extremely long version number");
    digits += cursor.read();
  }
  if (digits === "") throw scanError(cursor, "did not find expected version number");
  return Number(digits);
}

function readWord(cursor: Cursor): string {
  let word = "";
  while (isWord(cursor.peek())) word += cursor.read();
  return word;
}
