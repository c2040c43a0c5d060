/** Sprig's functions of letter case and words: `title`, `untitle`, `swapcase`, `initials`. */
import { encodeRune } from "../fmt/utf8.ts";
import type { GoFunction } from "../go-value.ts";
import { asString, define } from "./define.ts";
import { mapRunes } from "./runes.ts";
import { isDigit, isLetter, isLower, isSpace, isTitle, isUpper, toLower, toTitle, toUpper } from "./unicode.ts";
import { kebabCase, pascalCase, snakeCase } from "./word-case.ts";

/** The functions by their names in sprig. */
export function stringCaseFunctions(): GoFunction[] {
  return [
    define("title", ["string"], ([text]) => title(asString(text))),
    define("untitle", ["string"], ([text]) => untitle(asString(text))),
    define("swapcase", ["string"], ([text]) => swapCase(asString(text))),
    define("initials", ["string"], ([text]) => initials(asString(text))),
    define("camelcase", ["string"], ([text]) => pascalCase(asString(text))),
    define("snakecase", ["string"], ([text]) => snakeCase(asString(text))),
    define("kebabcase", ["string"], ([text]) => kebabCase(asString(text))),
  ];
}

/** `strings.Title`: the rune after each separator in title case. */
function title(text: string): string {
  let previous = 0x20;
  return mapRunes(text, (rune) => {
    const startsWord = isSeparator(previous);
    previous = rune;
    return startsWord ? toTitle(rune) : rune;
  });
}

function isSeparator(rune: number): boolean {
  if (rune < 0x80) return !/[0-9A-Za-z_]/.test(String.fromCharCode(rune));
  return !isLetter(rune) && !isDigit(rune) && isSpace(rune);
}

/** The first rune of each word in lower case. */
function untitle(text: string): string {
  let startsWord = true;
  return mapRunes(text, (rune) => {
    if (isSpace(rune)) {
      startsWord = true;
      return rune;
    }
    const changed = startsWord ? toLower(rune) : rune;
    startsWord = false;
    return changed;
  });
}

/** Capitals become small, small ones capitals, in title case at the start and after space. */
function swapCase(text: string): string {
  let afterSpace = true;
  return mapRunes(text, (rune) => {
    if (isUpper(rune) || isTitle(rune)) {
      afterSpace = false;
      return toLower(rune);
    }
    if (!isLower(rune)) {
      afterSpace = isSpace(rune);
      return rune;
    }
    const changed = afterSpace ? toTitle(rune) : toUpper(rune);
    afterSpace = false;
    return changed;
  });
}

/** As goutils: the first byte of each word, as the rune of its number. */
function initials(text: string): string {
  let afterSpace = true;
  let result = "";
  for (let at = 0; at < text.length; at++) {
    const byte = text.charCodeAt(at);
    const space = isSpace(byte);
    if (!space && afterSpace) result += encodeRune(byte);
    afterSpace = space;
  }
  return result;
}
