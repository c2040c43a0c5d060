/** A place in a YAML text, and the classes of characters that the scanner distinguishes. */

/** Where something stands; all count from 0, `index` and `column` in characters. */
export interface Mark {
  readonly index: number;
  readonly line: number;
  readonly column: number;
}

/** The character after the last one. */
export const END = 0;

export const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;

export const isBreak = (code: number): boolean =>
  code === 0x0a || code === 0x0d || code === 0x85 || code === 0x2028 || code === 0x2029;

export const isBreakOrEnd = (code: number): boolean => code === END || isBreak(code);

export const isBlankOrEnd = (code: number): boolean => isBlank(code) || isBreakOrEnd(code);

export const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

/** A letter, digit, `_` or `-` of ASCII. */
export const isWord = (code: number): boolean =>
  isDigit(code) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code === 0x5f || code === 0x2d;

/** Reads a text character by character and knows the line and column. */
export class Cursor {
  readonly text: string;
  #at = 0;
  #index = 0;
  #line = 0;
  #column = 0;

  constructor(text: string) {
    this.text = text;
  }

  get line(): number {
    return this.#line;
  }

  get column(): number {
    return this.#column;
  }

  get index(): number {
    return this.#index;
  }

  mark(): Mark {
    return { index: this.#index, line: this.#line, column: this.#column };
  }

  /** The UTF-16 unit so many units ahead; `END` behind the text. */
  peek(ahead = 0): number {
    const at = this.#at + ahead;
    return at < this.text.length ? this.text.charCodeAt(at) : END;
  }

  /** Whether the text goes on with these characters. */
  isAt(word: string): boolean {
    return this.text.startsWith(word, this.#at);
  }

  /** Whether a `---` or `...` that stands by itself begins here, in the first column. */
  isAtDocumentIndicator(): boolean {
    return this.#column === 0 && (this.isAt("---") || this.isAt("...")) && isBlankOrEnd(this.peek(3));
  }

  /** Takes characters that are no line break. */
  skip(count = 1): void {
    for (let i = 0; i < count; i++) this.read();
  }

  /** Takes one character that is no line break. */
  read(): string {
    const code = this.text.codePointAt(this.#at) ?? END;
    const units = code > 0xffff ? 2 : 1;
    const character = this.text.slice(this.#at, this.#at + units);
    this.#at += units;
    this.#index++;
    this.#column++;
    return character;
  }

  /** Takes a line break, if one is here; all but LS and PS read as a line feed. */
  readBreak(): string {
    const code = this.peek();
    if (!isBreak(code)) return "";
    const units = code === 0x0d && this.peek(1) === 0x0a ? 2 : 1;
    this.#at += units;
    this.#index += units;
    this.#line++;
    this.#column = 0;
    return code === 0x2028 || code === 0x2029 ? String.fromCharCode(code) : "\n";
  }

  /** Goes on to the start of a line that is not there, behind a last line without an end. */
  endLine(): void {
    if (this.#column === 0) return;
    this.#column = 0;
    this.#line++;
  }

  skipBlanks(): void {
    while (isBlank(this.peek())) this.skip();
  }

  /** Takes a comment, if one is here, up to the line break. */
  skipComment(): void {
    if (this.peek() !== 0x23) return;
    while (!isBreakOrEnd(this.peek())) this.skip();
  }
}
