/** Spaces, trim markers and names in a template's text. */

import { isAlphaNumeric } from "./fmt/printable.ts";
import { decodeRune } from "./fmt/utf8.ts";

/** The minus of a trim marker and the space next to it. */
export const TRIM_LENGTH = 2;

/** The ASCII spaces that separate words and that trim markers remove. */
export function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a;
}

/** Whether a trim marker stands right after a left delimiter. */
export function hasLeftTrim(input: string, at: number): boolean {
  return input.charCodeAt(at) === 0x2d && isSpace(input.charCodeAt(at + 1));
}

/** Whether a trim marker stands here, in front of a right delimiter. */
export function hasRightTrim(input: string, at: number): boolean {
  return isSpace(input.charCodeAt(at)) && input.charCodeAt(at + 1) === 0x2d;
}

/** The first offset from here on that is no space. */
export function skipSpaces(input: string, from: number): number {
  let at = from;
  while (isSpace(input.charCodeAt(at))) at++;
  return at;
}

/** Where the text from `start` to `end` ends without its last spaces. */
export function trimmedEnd(input: string, start: number, end: number): number {
  let at = end;
  while (at > start && isSpace(input.charCodeAt(at - 1))) at--;
  return at;
}

/** The first offset from here on that is part of no name. */
export function skipAlphaNumeric(input: string, from: number): number {
  let at = from;
  for (;;) {
    ASCII_NAME.lastIndex = at;
    ASCII_NAME.test(input);
    at = ASCII_NAME.lastIndex;
    if (at >= input.length || input.charCodeAt(at) < 0x80) return at;
    const decoded = decodeRune(input, at);
    if (!isAlphaNumeric(decoded >>> 3)) return at;
    at += decoded & 7;
  }
}

const ASCII_NAME = /[0-9A-Z_a-z]*/y;

/** What may follow a name without space, beside the right delimiter. */
export const TERMINATORS = " \t\r\n.,|:)(";

/** A string in double quotes, on one line. */
export const QUOTED = /"[^"\\\n]*(?:\\[^\n][^"\\\n]*)*"/y;

/** A string in backquotes. */
export const RAW = /`[^`]*`/y;

/** A character constant. */
export const CHARACTER = /'[^'\\\n]*(?:\\[^\n][^'\\\n]*)*'/y;

/** Not exact: it also takes "." and "0x0.2", which the parser then refuses. */
export const NUMBER =
  /[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?/y;
