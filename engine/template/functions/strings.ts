/** Sprig's functions of texts that look, cut, replace and repeat. */
import { encodeRune, isAscii } from "../fmt/utf8.ts";
import { type CallContext, GoError, type GoFunction } from "../go-value.ts";
import { asInt, asString, define, defineAll } from "./define.ts";
import { encodedRunes, mapRunes, runesOf, trimEnd, trimStart } from "./runes.ts";
import { isSpace, toLower, toUpper } from "./unicode.ts";

/** The functions by their names in sprig. */
export function stringFunctions(): GoFunction[] {
  return [
    define("trim", ["string"], ([text]) => trimStart(trimEnd(asString(text), isSpace), isSpace)),
    ...defineAll(["trimAll", "trimall"], ["string", "string"], ([cut, text]) => trimAll(asString(text), asString(cut))),
    define("trimPrefix", ["string", "string"], ([prefix, text]) => trimPrefix(asString(text), asString(prefix))),
    define("trimSuffix", ["string", "string"], ([suffix, text]) => trimSuffix(asString(text), asString(suffix))),
    define("upper", ["string"], ([text]) => upper(asString(text))),
    define("lower", ["string"], ([text]) => lower(asString(text))),
    define("contains", ["string", "string"], ([part, text]) => asString(text).includes(asString(part))),
    define("hasPrefix", ["string", "string"], ([prefix, text]) => asString(text).startsWith(asString(prefix))),
    define("hasSuffix", ["string", "string"], ([suffix, text]) => asString(text).endsWith(asString(suffix))),
    define("replace", ["string", "string", "string"], ([old, by, text], context) =>
      replaceAll(asString(text), asString(old), asString(by), context),
    ),
    define("repeat", ["int", "string"], ([count, text], context) => repeat(asString(text), asInt(count), context)),
    define("substr", ["int", "int", "string"], ([start, end, text]) =>
      substring(asString(text), asInt(start), asInt(end)),
    ),
    define("trunc", ["int", "string"], ([length, text]) => truncate(asString(text), asInt(length))),
    define("nospace", ["string"], ([text]) => withoutSpace(asString(text))),
    define("indent", ["int", "string"], ([spaces, text], context) => indent(asString(text), asInt(spaces), context)),
    define(
      "nindent",
      ["int", "string"],
      ([spaces, text], context) => `\n${indent(asString(text), asInt(spaces), context)}`,
    ),
    define("plural", ["string", "string", "int"], ([one, many, count]) =>
      asInt(count) === 1n ? asString(one) : asString(many),
    ),
    define("hello", [], () => "Hello!"),
  ];
}

/**
 * `strings.Repeat`.
 * @throws GoError for a negative count
 * @throws TemplateLimitExceeded before the text is made
 */
export function repeat(text: string, count: bigint, context: CallContext): string {
  if (count < 0n) throw new GoError("strings: negative Repeat count");
  if (text === "" || count === 0n) return "";
  context.spend(Math.min(Number(count) * text.length, Number.MAX_SAFE_INTEGER));
  return text.repeat(Number(count));
}

function trimAll(text: string, cut: string): string {
  const runes = new Set(runesOf(cut));
  const isCut = (rune: number): boolean => runes.has(rune);
  return trimStart(trimEnd(text, isCut), isCut);
}

function trimPrefix(text: string, prefix: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}

function trimSuffix(text: string, suffix: string): string {
  return text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text;
}

/** `strings.ToUpper`. */
export function upper(text: string): string {
  return isAscii(text) ? text.toUpperCase() : mapRunes(text, toUpper);
}

/** `strings.ToLower`. */
export function lower(text: string): string {
  return isAscii(text) ? text.toLowerCase() : mapRunes(text, toLower);
}

/** `strings.ReplaceAll`; an empty `old` stands before each rune and at the end. */
function replaceAll(text: string, old: string, by: string, context: CallContext): string {
  const parts = old === "" ? ["", ...encodedRunes(text), ""] : text.split(old);
  context.spend(text.length + parts.length * by.length);
  return parts.join(by);
}

/** `text[start:end]` by bytes; a negative start is the beginning, a negative or too great end is the end. */
function substring(text: string, start: bigint, end: bigint): string {
  const length = BigInt(text.length);
  if (start < 0n) {
    if (end < 0n) throw outOfRange(`[:${end}]`);
    if (end > length) throw outOfRange(`[:${end}] with length ${length}`);
    return text.slice(0, Number(end));
  }
  const last = end < 0n || end > length ? length : end;
  if (start > last) throw outOfRange(`[${start}:${last}]`);
  return text.slice(Number(start), Number(last));
}

function outOfRange(bounds: string): GoError {
  return new GoError(`runtime error: slice bounds out of range ${bounds}`);
}

/** The first bytes, or the last ones for a negative length. */
function truncate(text: string, length: bigint): string {
  const size = BigInt(text.length);
  if (length < 0n) return size + length > 0n ? text.slice(Number(size + length)) : text;
  return size > length ? text.slice(0, Number(length)) : text;
}

/** As goutils: byte by byte, each byte as the rune of its number, so text beyond ASCII is spoilt if anything is cut. */
function withoutSpace(text: string): string {
  const kept = Array.from(text, (byte) => byte.charCodeAt(0)).filter((byte) => !isSpace(byte));
  return kept.length === text.length ? text : kept.map(encodeRune).join("");
}

function indent(text: string, spaces: bigint, context: CallContext): string {
  const pad = repeat(" ", spaces, context);
  const lines = text.split("\n");
  context.spend(lines.length * pad.length);
  return pad + lines.join(`\n${pad}`);
}
