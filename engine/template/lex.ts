/** Cuts a template's text into tokens, one at a time, as Go's template lexer does. */

import { isAlphaNumeric } from "./fmt/printable.ts";
import { sprintf } from "./fmt/printf.ts";
import { quote } from "./fmt/quote.ts";
import { decodeRune } from "./fmt/utf8.ts";
import {
  CHARACTER,
  hasLeftTrim,
  hasRightTrim,
  isSpace,
  NUMBER,
  QUOTED,
  RAW,
  skipAlphaNumeric,
  skipSpaces,
  TERMINATORS,
  TRIM_LENGTH,
  trimmedEnd,
} from "./lex-characters.ts";
import { isKeyword, type Token, type TokenType } from "./lex-token.ts";

/** How the text is to be read. */
export interface LexerOptions {
  readonly leftDelimiter: string;
  readonly rightDelimiter: string;
  /** Words that are functions here, although they are keywords elsewhere: `break`, `continue`. */
  readonly isFunction: (name: string) => boolean;
}

/** Reads tokens from a template's text, a Go string. After an error token, only the end follows. */
export class Lexer {
  private input: string;
  private readonly options: LexerOptions;
  /** Where the token at hand starts. */
  private start = 0;
  private position = 0;
  private isInAction = false;
  private openParentheses = 0;

  constructor(input: string, options: LexerOptions) {
    this.input = input;
    this.options = options;
  }

  /** The next token; `eof` again and again at the end. */
  next(): Token {
    return this.isInAction ? this.action() : this.text();
  }

  private text(): Token {
    for (;;) {
      const { leftDelimiter } = this.options;
      const at = this.input.indexOf(leftDelimiter, this.position);
      if (at < 0) {
        this.position = this.input.length;
        return this.emit(this.position > this.start ? "text" : "eof");
      }
      const trims = hasLeftTrim(this.input, at + leftDelimiter.length);
      const end = trims ? trimmedEnd(this.input, this.start, at) : at;
      if (end > this.start) {
        this.position = end;
        const token = this.emit("text");
        this.position = this.start = at;
        return token;
      }
      this.start = this.position = at;
      const token = this.leftDelimiter(trims);
      if (token !== undefined) return token;
    }
  }

  /** The token of a left delimiter or an error; undefined after a comment. */
  private leftDelimiter(trims: boolean): Token | undefined {
    this.position += this.options.leftDelimiter.length;
    const contentStart = this.position + (trims ? TRIM_LENGTH : 0);
    if (this.input.startsWith("/*", contentStart)) return this.comment(contentStart);
    const token = this.emit("leftDelimiter");
    this.isInAction = true;
    this.openParentheses = 0;
    this.start = this.position = contentStart;
    return token;
  }

  private comment(start: number): Token | undefined {
    this.start = start;
    const end = this.input.indexOf("*/", start + 2);
    if (end < 0) return this.error("unclosed comment");
    this.position = end + 2;
    const delimiter = this.rightDelimiterLength();
    if (delimiter === 0) return this.error("comment ends before closing delimiter");
    this.skipRightDelimiter(delimiter);
    return undefined;
  }

  /** How long the right delimiter here is, with its trim marker; 0 if there is none. */
  private rightDelimiterLength(): number {
    const { rightDelimiter } = this.options;
    const { input, position } = this;
    if (hasRightTrim(input, position) && input.startsWith(rightDelimiter, position + TRIM_LENGTH)) {
      return TRIM_LENGTH + rightDelimiter.length;
    }
    return input.startsWith(rightDelimiter, position) ? rightDelimiter.length : 0;
  }

  private skipRightDelimiter(length: number): void {
    const trims = length !== this.options.rightDelimiter.length;
    this.position += length;
    if (trims) this.position = skipSpaces(this.input, this.position);
    this.start = this.position;
  }

  private action(): Token {
    const delimiter = this.rightDelimiterLength();
    if (delimiter > 0) return this.rightDelimiter(delimiter);
    const { input, position } = this;
    if (position >= input.length) return this.error("unclosed action");
    const code = input.charCodeAt(position);
    if (isSpace(code)) return this.spaces();
    switch (code) {
      case 0x3d:
        return this.emitLength("=", 1);
      case 0x3a:
        return input.charAt(position + 1) === "=" ? this.emitLength(":=", 2) : this.error("expected :=");
      case 0x7c:
        return this.emitLength("|", 1);
      case 0x22:
        return this.quoted(QUOTED, "string", "unterminated quoted string");
      case 0x60:
        return this.quoted(RAW, "rawString", "unterminated raw quoted string");
      case 0x27:
        return this.quoted(CHARACTER, "charConstant", "unterminated character constant");
      case 0x24:
        return this.fieldOrVariable("variable", "variable");
      case 0x28:
        this.openParentheses++;
        return this.emitLength("(", 1);
      case 0x29:
        return --this.openParentheses < 0 ? this.error("unexpected right paren") : this.emitLength(")", 1);
      case 0x2e:
        return this.dot();
    }
    return this.numberOrWord(code);
  }

  private rightDelimiter(length: number): Token {
    if (this.openParentheses > 0) return this.error("unclosed left paren");
    const token: Token = { type: "rightDelimiter", position: this.position, text: this.options.rightDelimiter };
    this.skipRightDelimiter(length);
    this.isInAction = false;
    return token;
  }

  /** A run of spaces, without the last one if it belongs to a trim marker. */
  private spaces(): Token {
    const end = skipSpaces(this.input, this.position);
    const marker = end - 1;
    if (hasRightTrim(this.input, marker) && this.input.startsWith(this.options.rightDelimiter, marker + TRIM_LENGTH)) {
      this.position = marker;
    } else this.position = end;
    return this.emit("space");
  }

  private dot(): Token {
    const next = this.input.charAt(this.position + 1);
    return next === "" || (next >= "0" && next <= "9") ? this.number() : this.fieldOrVariable("field", ".");
  }

  private numberOrWord(code: number): Token {
    if (code === 0x2b || code === 0x2d || (code >= 0x30 && code <= 0x39)) return this.number();
    const rune = decodeRune(this.input, this.position) >>> 3;
    if (isAlphaNumeric(rune)) return this.word();
    if (rune > 0x20 && rune < 0x7f) return this.emitLength("char", 1);
    return this.error(sprintf("unrecognized character in action: %#U", [BigInt(rune)]));
  }

  private quoted(pattern: RegExp, type: TokenType, unterminated: string): Token {
    pattern.lastIndex = this.position;
    if (!pattern.test(this.input)) return this.error(unterminated);
    this.position = pattern.lastIndex;
    return this.emit(type);
  }

  /** `.name`, `$name`, or `bare` if nothing follows the first character. */
  private fieldOrVariable(type: "field" | "variable", bare: "." | "variable"): Token {
    this.position++;
    if (this.isAtTerminator()) return this.emit(bare);
    this.position = skipAlphaNumeric(this.input, this.position);
    return this.isAtTerminator() ? this.emit(type) : this.badCharacter();
  }

  private word(): Token {
    this.position = skipAlphaNumeric(this.input, this.position);
    if (!this.isAtTerminator()) return this.badCharacter();
    const word = this.input.slice(this.start, this.position);
    if (isKeyword(word)) {
      const isShadowed = (word === "break" || word === "continue") && this.options.isFunction(word);
      return this.emit(isShadowed ? "identifier" : word);
    }
    return this.emit(word === "true" || word === "false" ? "bool" : "identifier");
  }

  private badCharacter(): Token {
    return this.error(sprintf("bad character %#U", [BigInt(decodeRune(this.input, this.position) >>> 3)]));
  }

  private isAtTerminator(): boolean {
    if (this.position >= this.input.length) return true;
    if (TERMINATORS.includes(this.input.charAt(this.position))) return true;
    return this.input.startsWith(this.options.rightDelimiter, this.position);
  }

  private number(): Token {
    let isGood = this.scanNumber();
    const isComplex = isGood && "+-".includes(this.input.charAt(this.position) || "none");
    if (isComplex) isGood = this.scanNumber() && this.input.charAt(this.position - 1) === "i";
    if (isGood) return this.emit(isComplex ? "complex" : "number");
    return this.error(`bad number syntax: ${quote(this.input.slice(this.start, this.position))}`);
  }

  private scanNumber(): boolean {
    NUMBER.lastIndex = this.position;
    NUMBER.test(this.input);
    this.position = NUMBER.lastIndex;
    if (this.position >= this.input.length) return true;
    const decoded = decodeRune(this.input, this.position);
    if (!isAlphaNumeric(decoded >>> 3)) return true;
    this.position += decoded & 7;
    return false;
  }

  private emitLength(type: TokenType, length: number): Token {
    this.position += length;
    return this.emit(type);
  }

  private emit(type: TokenType): Token {
    const token: Token = { type, position: this.start, text: this.input.slice(this.start, this.position) };
    this.start = this.position;
    return token;
  }

  private error(message: string): Token {
    const token: Token = { type: "error", position: this.start, text: message };
    this.input = "";
    this.start = this.position = 0;
    return token;
  }
}
