/** Sprig's functions that lay texts out: `abbrev`, `abbrevboth`, `wrap`, `wrapWith`. All count bytes. */
import type { CallContext, GoFunction } from "../go-value.ts";
import { asInt, asString, define } from "./define.ts";

/** The functions by their names in sprig. */
export function stringLayoutFunctions(): GoFunction[] {
  return [
    define("abbrev", ["int", "string"], ([width, text]) => abbreviate(asString(text), 0n, asInt(width))),
    define("abbrevboth", ["int", "int", "string"], ([left, right, text]) =>
      asInt(left) > 0n && asInt(right) < 7n ? asString(text) : abbreviate(asString(text), asInt(left), asInt(right)),
    ),
    define("wrap", ["int", "string"], ([width, text], context) =>
      wrap(asString(text), asInt(width), { lineBreak: "\n", breaksLongWords: false }, context),
    ),
    define("wrapWith", ["int", "string", "string"], ([width, lineBreak, text], context) =>
      wrap(asString(text), asInt(width), { lineBreak: asString(lineBreak) || "\n", breaksLongWords: true }, context),
    ),
  ];
}

const ELLIPSIS = "...";

/** At most `width` bytes of a text, from about `left` on, with an ellipsis in the place of what is left out. */
function abbreviate(text: string, left: bigint, width: bigint): string {
  if (width < 4n || BigInt(text.length) <= width) return text;
  const room = Number(width) - ELLIPSIS.length;
  const offset = Math.min(left > BigInt(text.length) ? text.length : Number(left), text.length - room);
  if (offset <= 4) return text.slice(0, room) + ELLIPSIS;
  if (offset + room >= text.length) return ELLIPSIS + text.slice(text.length - room);
  return ELLIPSIS + (room < 4 ? "" : abbreviate(text.slice(offset), 0n, BigInt(room)));
}

interface WrapOptions {
  readonly lineBreak: string;
  readonly breaksLongWords: boolean;
}

/** Breaks a line at spaces so that lines have at most `width` bytes; a width below 1 is 1. */
function wrap(text: string, widthWanted: bigint, options: WrapOptions, context: CallContext): string {
  const width = widthWanted < 1n ? 1 : Number(widthWanted > BigInt(text.length) ? text.length : widthWanted);
  const lines: string[] = [];
  let at = 0;
  while (text.length - at > width) {
    if (text.charAt(at) === " ") {
      at++;
      continue;
    }
    context.spend(1 + options.lineBreak.length);
    const { end, next } = lineAt(text, at, width, options.breaksLongWords);
    lines.push(text.slice(at, end));
    at = next;
    // A long word that ends the text has no break after it.
    if (next > text.length) return lines.join(options.lineBreak);
  }
  lines.push(text.slice(at));
  return lines.join(options.lineBreak);
}

/** Where the line from `at` ends and the next one starts; past the text's end if the line is the last. */
function lineAt(text: string, at: number, width: number, breaksLongWords: boolean): { end: number; next: number } {
  const space = text.slice(at, at + width + 1).lastIndexOf(" ");
  if (space >= 0) return { end: at + space, next: at + space + 1 };
  if (breaksLongWords) return { end: at + width, next: at + width };
  const later = text.indexOf(" ", at + width);
  return later < 0 ? { end: text.length, next: text.length + 1 } : { end: later, next: later + 1 };
}
