/** Scans scalars: block, quoted and plain ones. */
import { type Cursor, END, isBlank, isBlankOrEnd, isBreak, isBreakOrEnd, isDigit } from "./cursor.ts";
import { scanError } from "./scan-properties.ts";
import { type Token, tokenOf } from "./tokens.ts";

/** Joins the lines of quoted and plain scalars: one line break is a space, each further one a line feed. */
class Folding {
  isOnNewLine = false;
  #blanks = "";
  #firstBreak = "";
  #furtherBreaks = "";

  /** Takes blanks and line breaks; an escaped line break has set `isOnNewLine` before. */
  take(cursor: Cursor, checkBlank?: () => void): void {
    for (;;) {
      const code = cursor.peek();
      if (isBlank(code)) {
        checkBlank?.();
        if (this.isOnNewLine) cursor.skip();
        else this.#blanks += cursor.read();
      } else if (isBreak(code)) {
        if (this.isOnNewLine) this.#furtherBreaks += cursor.readBreak();
        else {
          this.#blanks = "";
          this.#firstBreak += cursor.readBreak();
          this.isOnNewLine = true;
        }
      } else return;
    }
  }

  /** What stands for all that was taken since. */
  flush(): string {
    const folded = this.isOnNewLine ? this.#foldedBreaks() : this.#blanks;
    this.isOnNewLine = false;
    this.#blanks = this.#firstBreak = this.#furtherBreaks = "";
    return folded;
  }

  #foldedBreaks(): string {
    if (!this.#firstBreak.startsWith("\n")) return this.#firstBreak + this.#furtherBreaks;
    return this.#furtherBreaks === "" ? " " : this.#furtherBreaks;
  }
}

/**
 * A scalar without quotes. `indent` is that of the enclosing block, -1 outside of any. The second result: whether it ended with a line break, after which a key may begin.
 */
export function scanPlain(cursor: Cursor, indent: number, isInFlow: boolean): readonly [Token, boolean] {
  const start = cursor.mark();
  const folding = new Folding();
  const refuseTab = () => {
    if (folding.isOnNewLine && cursor.column <= indent && cursor.peek() === 0x09) {
      throw scanError(cursor, "found a tab character that violates indentation");
    }
  };
  let value = "";
  while (!cursor.isAtDocumentIndicator() && cursor.peek() !== 0x23) {
    let isFirst = true;
    while (!isBlankOrEnd(cursor.peek()) && !endsPlain(cursor, isInFlow)) {
      if (isFirst) value += folding.flush();
      isFirst = false;
      value += cursor.read();
    }
    if (!isBlank(cursor.peek()) && !isBreak(cursor.peek())) break;
    folding.take(cursor, refuseTab);
    if (!isInFlow && cursor.column <= indent) break;
  }
  return [tokenOf("scalar", start, { value, isPlain: true }), folding.isOnNewLine];
}

const FLOW_INDICATORS = ",?[]{}";

function endsPlain(cursor: Cursor, isInFlow: boolean): boolean {
  const code = cursor.peek();
  if (code === 0x3a && isBlankOrEnd(cursor.peek(1))) return true;
  return isInFlow && FLOW_INDICATORS.includes(String.fromCharCode(code));
}

/** A scalar in single or double quotes. */
export function scanQuoted(cursor: Cursor, quote: "'" | '"'): Token {
  const start = cursor.mark();
  const quoteCode = quote.charCodeAt(0);
  const folding = new Folding();
  let value = "";
  cursor.skip();
  for (;;) {
    if (cursor.isAtDocumentIndicator()) throw scanError(cursor, "found unexpected document indicator");
    if (cursor.peek() === END) throw scanError(cursor, "found unexpected end of stream");
    value += quote === "'" ? readSingleQuoted(cursor) : readDoubleQuoted(cursor, folding);
    if (cursor.peek() === quoteCode) break;
    folding.take(cursor);
    value += folding.flush();
  }
  cursor.skip();
  return tokenOf("scalar", start, { value });
}

function readSingleQuoted(cursor: Cursor): string {
  let text = "";
  while (!isBlankOrEnd(cursor.peek())) {
    if (cursor.peek() !== 0x27) text += cursor.read();
    else if (cursor.peek(1) === 0x27) {
      text += "'";
      cursor.skip(2);
    } else break;
  }
  return text;
}

function readDoubleQuoted(cursor: Cursor, folding: Folding): string {
  let text = "";
  while (!isBlankOrEnd(cursor.peek()) && cursor.peek() !== 0x22) {
    if (cursor.peek() !== 0x5c) {
      text += cursor.read();
    } else if (isBreak(cursor.peek(1))) {
      cursor.skip();
      cursor.readBreak();
      folding.isOnNewLine = true;
      break;
    } else text += readEscape(cursor);
  }
  return text;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["0", "\0"],
  ["a", "\x07"],
  ["b", "\b"],
  ["t", "\t"],
  ["\t", "\t"],
  ["n", "\n"],
  ["v", "\v"],
  ["f", "\f"],
  ["r", "\r"],
  ["e", "\x1b"],
  [" ", " "],
  ['"', '"'],
  ["'", "'"],
  ["\\", "\\"],
  ["N", "\x85"],
  ["_", "\xa0"],
  ["L", "\u2028"],
  ["P", "\u2029"],
]);

const ESCAPE_DIGITS: ReadonlyMap<string, number> = new Map([
  ["x", 2],
  ["u", 4],
  ["U", 8],
]);

function readEscape(cursor: Cursor): string {
  const letter = String.fromCharCode(cursor.peek(1));
  const plain = ESCAPES.get(letter);
  const count = ESCAPE_DIGITS.get(letter);
  if (plain === undefined && count === undefined) throw scanError(cursor, "found unknown escape character");
  cursor.skip(2);
  if (plain !== undefined || count === undefined) return plain ?? "";
  let digits = "";
  for (let i = 0; i < count; i++) digits += String.fromCharCode(cursor.peek(i));
  if (!/^[0-9a-fA-F]+$/.test(digits)) throw scanError(cursor, "did not find expected hexdecimal number");
  const code = Number.parseInt(digits, 16);
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) {
    throw scanError(cursor, "found invalid Unicode character escape code");
  }
  cursor.skip(count);
  return String.fromCodePoint(code);
}

/** A literal (`|`) or folded (`>`) block. */
export function scanBlockScalar(cursor: Cursor, isLiteral: boolean, parentIndent: number): Token {
  const start = cursor.mark();
  cursor.skip();
  const { chomping, increment } = blockHeader(cursor);
  cursor.skipBlanks();
  cursor.skipComment();
  if (!isBreakOrEnd(cursor.peek())) throw scanError(cursor, "did not find expected comment or line break");
  cursor.readBreak();
  let indent = increment === 0 ? 0 : Math.max(parentIndent, 0) + increment;
  let value = "";
  let lineBreak = "";
  let wasBlank = false;
  let breaks: string;
  [indent, breaks] = blockBreaks(cursor, indent, parentIndent);
  while (cursor.column === indent && cursor.peek() !== END) {
    const startsBlank = isBlank(cursor.peek());
    const isFolded = !isLiteral && !wasBlank && !startsBlank && lineBreak.startsWith("\n");
    value += isFolded ? (breaks === "" ? " " : "") : lineBreak;
    value += breaks;
    wasBlank = startsBlank;
    while (!isBreakOrEnd(cursor.peek())) value += cursor.read();
    lineBreak = cursor.readBreak();
    [indent, breaks] = blockBreaks(cursor, indent, parentIndent);
  }
  if (chomping !== "-") value += lineBreak;
  if (chomping === "+") value += breaks;
  return tokenOf("scalar", start, { value });
}

/** The indicators after `|` or `>`, in either order: what becomes of the last line breaks, and the indentation. */
function blockHeader(cursor: Cursor): { readonly chomping: string; readonly increment: number } {
  const readChomping = () => (cursor.peek() === 0x2b || cursor.peek() === 0x2d ? cursor.read() : "");
  const readIncrement = () => {
    if (!isDigit(cursor.peek())) return 0;
    if (cursor.peek() === 0x30) throw scanError(cursor, "found an indentation indicator equal to 0");
    return Number(cursor.read());
  };
  const first = readChomping();
  const increment = readIncrement();
  return { chomping: first === "" && increment > 0 ? readChomping() : first, increment };
}

/** Takes indentation and empty lines; the indentation is found out where it is 0 as yet. */
function blockBreaks(cursor: Cursor, given: number, parentIndent: number): [indent: number, breaks: string] {
  let deepest = 0;
  let breaks = "";
  for (;;) {
    while ((given === 0 || cursor.column < given) && cursor.peek() === 0x20) cursor.skip();
    deepest = Math.max(deepest, cursor.column);
    if ((given === 0 || cursor.column < given) && cursor.peek() === 0x09) {
      throw scanError(cursor, "found a tab character where an indentation space is expected");
    }
    if (!isBreak(cursor.peek())) break;
    breaks += cursor.readBreak();
  }
  return [given === 0 ? Math.max(deepest, parentIndent + 1, 1) : given, breaks];
}
