/** Writes scalars in each of their styles, with Go's line breaks. */
import type { LineWriter } from "./line-writer.ts";
import { isEscaped, isMultiline, type ScalarStyle } from "./scalar-style.ts";

/** Longer lines are broken at spaces. */
const BEST_WIDTH = 80;

/** What a scalar's place decides. */
export interface ScalarPlace {
  /** Of its further lines. */
  readonly indent: number;
  /** Not so for keys. */
  readonly mayBreak: boolean;
}

const WRITERS: Readonly<Record<ScalarStyle, (writer: LineWriter, text: string, place: ScalarPlace) => void>> = {
  plain: writePlain,
  "single-quoted": writeSingleQuoted,
  "double-quoted": writeDoubleQuoted,
  literal: writeLiteral,
};

/** Writes a text in a style that it permits. */
export function writeScalar(writer: LineWriter, style: ScalarStyle, text: string, place: ScalarPlace): void {
  WRITERS[style](writer, text, place);
}

function writePlain(writer: LineWriter, text: string, { indent, mayBreak }: ScalarPlace): void {
  writer.space();
  let wasSpace = false;
  if (!mayBreak || writer.column + text.length <= BEST_WIDTH) writer.content(text);
  else {
    const characters = [...text];
    for (const [at, character] of characters.entries()) {
      const isSpace = character === " ";
      const breaks = isSpace && !wasSpace && writer.column > BEST_WIDTH && characters[at + 1] !== " ";
      if (breaks) writer.indent(indent);
      else writer.content(character);
      wasSpace = isSpace;
    }
  }
  writer.endScalar();
}

function writeSingleQuoted(writer: LineWriter, text: string, { indent, mayBreak }: ScalarPlace): void {
  writer.indicator("'");
  const characters = [...text];
  let wasSpace = false;
  let wasBreak = false;
  for (const [at, character] of characters.entries()) {
    const isSpace = character === " ";
    const isInner = at > 0 && at < characters.length - 1;
    const mayBreakHere = mayBreak && isSpace && !wasSpace && isInner && characters[at + 1] !== " ";
    if (mayBreakHere && writer.column > BEST_WIDTH) writer.indent(indent);
    else {
      if (wasBreak && !isSpace && !isMultiline(character)) writer.indent(indent);
      writer.content(character === "'" ? "''" : character);
    }
    if (!isMultiline(character)) wasSpace = isSpace;
    if (!isSpace) wasBreak = isMultiline(character);
  }
  writer.endScalar("'");
}

function writeDoubleQuoted(writer: LineWriter, text: string, { indent, mayBreak }: ScalarPlace): void {
  writer.indicator('"');
  // As in Go: behind a byte order mark everything is escaped.
  const escapesAll = text.startsWith("\ufeff");
  const characters = [...text];
  let wasSpace = false;
  for (const [at, character] of characters.entries()) {
    const isSpace = character === " " && !escapesAll;
    const isInner = at > 0 && at < characters.length - 1;
    if (escapesAll || isEscaped(character)) writer.content(escapeOf(character));
    else if (mayBreak && isSpace && !wasSpace && isInner && writer.column > BEST_WIDTH) {
      writer.indent(indent);
      if (characters[at + 1] === " ") writer.content("\\");
    } else writer.content(character);
    wasSpace = isSpace;
  }
  writer.endScalar('"');
}

/** How many columns a level of indentation takes; the hint of blocks that begin with a blank. */
export const INDENT_STEP = 2;

function writeLiteral(writer: LineWriter, text: string, { indent }: ScalarPlace): void {
  const hint = text.startsWith(" ") || isMultiline(text.charAt(0)) ? String(INDENT_STEP) : "";
  writer.indicator(`|${hint}${chompingOf(text)}`);
  writer.startBlock();
  let wasBreak = true;
  for (const character of text) {
    const isBreak = isMultiline(character);
    if (wasBreak && !isBreak) writer.indent(indent);
    writer.content(character);
    wasBreak = isBreak;
  }
}

/** What the reader shall do with the last line breaks. */
function chompingOf(text: string): string {
  const characters = [...text];
  if (!isMultiline(characters.at(-1) ?? "")) return "-";
  return characters.length === 1 || isMultiline(characters.at(-2) ?? "") ? "+" : "";
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\0", "0"],
  ["\x07", "a"],
  ["\b", "b"],
  ["\t", "t"],
  ["\n", "n"],
  ["\v", "v"],
  ["\f", "f"],
  ["\r", "r"],
  ["\x1b", "e"],
  ['"', '"'],
  ["\\", "\\"],
  ["\x85", "N"],
  ["\xa0", "_"],
  ["\u2028", "L"],
  ["\u2029", "P"],
]);

function escapeOf(character: string): string {
  const letter = ESCAPES.get(character);
  if (letter !== undefined) return `\\${letter}`;
  const code = character.codePointAt(0) ?? 0;
  const [prefix, digits] = code <= 0xff ? ["x", 2] : code <= 0xffff ? ["u", 4] : ["U", 8];
  return `\\${prefix}${code.toString(16).toUpperCase().padStart(Number(digits), "0")}`;
}
