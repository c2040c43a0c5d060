/** Built-in functions that make text: print, printf, println, html, js, urlquery. */

import type { Callable } from "./exec-types.ts";
import { complexParts } from "./fmt/complex.ts";
import { formatValue, sprint, sprintf, sprintln } from "./fmt/index.ts";
import { isPrintable } from "./fmt/printable.ts";
import { textByMethod } from "./fmt/printer.ts";
import { decodeRune } from "./fmt/utf8.ts";
import { type CallContext, GoStruct, type GoValue } from "./go-value.ts";

/** The built-in functions that make text. */
export const textBuiltins: readonly Callable[] = [
  anyNumber("print", sprint),
  anyNumber("println", sprintln),
  {
    name: "printf",
    parameters: ["string"],
    variadic: "interface {}",
    call: ([format, ...values], context) => spent(sprintf(typeof format === "string" ? format : "", values), context),
  },
  anyNumber("html", (values) => escapeHtml(textOfAll(values))),
  anyNumber("js", (values) => escapeJavaScript(textOfAll(values))),
  anyNumber("urlquery", (values) => escapeQuery(textOfAll(values))),
];

/** What a template's action prints for a value: pointers are followed, and nothing prints as `<no value>`. */
export function printable(value: GoValue): GoValue {
  if (value === undefined || value === null) return "<no value>";
  if (!(value instanceof GoStruct) || !value.type.startsWith("*") || textByMethod(value) !== undefined) return value;
  return new GoStruct({ type: value.type.slice(1), fields: value.fields });
}

function anyNumber(name: string, text: (values: readonly GoValue[]) => string): Callable {
  return { name, parameters: [], variadic: "interface {}", call: (values, context) => spent(text(values), context) };
}

function spent(text: string, context: CallContext): string {
  context.spend(text.length);
  return text;
}

function textOfAll(values: readonly GoValue[]): string {
  const [first] = values;
  if (values.length === 1) return typeof first === "string" ? first : formatValue(printable(first));
  return sprint(values.map((value) => (complexParts(value) === undefined ? printable(value) : value)));
}

const HTML_ESCAPES = new Map([
  ["\0", "\xef\xbf\xbd"],
  ['"', "&#34;"],
  ["'", "&#39;"],
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
]);

function escapeHtml(text: string): string {
  return text.replace(/[\0"'&<>]/g, (character) => HTML_ESCAPES.get(character) ?? character);
}

const JAVASCRIPT_ESCAPES = new Map([
  ["\\", "\\\\"],
  ["'", "\\'"],
  ['"', '\\"'],
]);

function escapeJavaScript(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are escaped
  const ascii = text.replace(/[\\'"<>&=\x00-\x1f]/g, (character) => {
    return JAVASCRIPT_ESCAPES.get(character) ?? `\\u${hexadecimal(character.charCodeAt(0))}`;
  });
  return ascii.replace(/[\x80-\xff]+/g, escapeRunes);
}

function escapeRunes(text: string): string {
  let escaped = "";
  for (let at = 0; at < text.length; ) {
    const decoded = decodeRune(text, at);
    const size = decoded & 7;
    const rune = decoded >>> 3;
    escaped += isPrintable(rune) ? text.slice(at, at + size) : `\\u${hexadecimal(rune)}`;
    at += size;
  }
  return escaped;
}

function hexadecimal(rune: number): string {
  return rune.toString(16).toUpperCase().padStart(4, "0");
}

function escapeQuery(text: string): string {
  return text.replace(/[^A-Za-z0-9\-_.~]/g, (character) => {
    return character === " " ? "+" : `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
  });
}
