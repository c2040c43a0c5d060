/** JSON as Go's encoding/json reads it into an empty interface, with its errors. */
import { quote } from "../../fmt/index.ts";
import { decodeRune, encodeRune, RUNE_ERROR } from "../../fmt/utf8.ts";
import { type CallContext, GoError, GoMap, GoSlice, type GoValue } from "../../go-value.ts";
import { LEFT_OUT } from "../define.ts";
import { deeper } from "../nesting.ts";
import { encodedRunes } from "../runes.ts";

/** What was read; a number out of a float's range is nil and an error at once, in Go too. */
export interface Decoded {
  readonly value: GoValue;
  readonly error: GoError | undefined;
}

/**
 * Reads one text. A syntax error leaves nothing.
 * @throws TemplateLimitExceeded for too much nesting
 */
export function decodeJson(text: string, context: CallContext): Decoded {
  const reader = new Reader(text, context);
  try {
    const value = reader.document();
    return { value, error: reader.rangeError };
  } catch (error) {
    if (error instanceof GoError) return { value: null, error };
    throw error;
  }
}

class Reader {
  rangeError: GoError | undefined;
  readonly #text: string;
  readonly #context: CallContext;
  /** Characters of a string that stand for themselves. */
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it stops at
  readonly #plainRun = /[^"\\\x00-\x1f]+/y;
  #at = 0;

  constructor(text: string, context: CallContext) {
    this.#text = text;
    this.#context = context;
  }

  document(): GoValue {
    const value = this.#value(0);
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#unexpected("after top-level value");
    return value;
  }

  #value(depth: number): GoValue {
    this.#context.spend(1);
    this.#skipSpace();
    switch (this.#peek()) {
      case "{":
        this.#at++;
        return this.#object(deeper(depth));
      case "[":
        this.#at++;
        return this.#array(deeper(depth));
      case '"':
        return this.#string();
      case "t":
        return this.#word("true", true);
      case "f":
        return this.#word("false", false);
      case "n":
        return this.#word("null", null);
      default:
        return this.#number();
    }
  }

  #object(depth: number): GoMap {
    const entries = new Map<string, GoValue>();
    this.#skipSpace();
    if (this.#take("}")) return new GoMap(entries);
    for (;;) {
      this.#skipSpace();
      if (this.#peek() !== '"') throw this.#unexpected("looking for beginning of object key string");
      const key = this.#string();
      this.#skipSpace();
      if (!this.#take(":")) throw this.#unexpected("after object key");
      entries.set(key, this.#value(depth));
      this.#skipSpace();
      if (this.#take("}")) return new GoMap(entries);
      if (!this.#take(",")) throw this.#unexpected("after object key:value pair");
    }
  }

  #array(depth: number): GoSlice {
    const items: GoValue[] = [];
    this.#skipSpace();
    if (this.#take("]")) return new GoSlice(items);
    for (;;) {
      items.push(this.#value(depth));
      this.#skipSpace();
      if (this.#take("]")) return new GoSlice(items);
      if (!this.#take(",")) throw this.#unexpected("after array element");
    }
  }

  #word<T extends GoValue>(word: string, value: T): T {
    for (let index = 0; index < word.length; index++) {
      if (!this.#take(word.charAt(index))) {
        throw this.#unexpected(`in literal ${word} (expecting ${quoted(word.charAt(index))})`);
      }
    }
    return value;
  }

  #number(): GoValue {
    const start = this.#at;
    if (this.#take("-")) {
      if (!/[0-9]/.test(this.#peek())) throw this.#unexpected("in numeric literal");
    } else if (!/[0-9]/.test(this.#peek())) throw this.#unexpected("looking for beginning of value");
    if (!this.#take("0")) this.#digits("in numeric literal");
    if (this.#take(".")) this.#digits("after decimal point in numeric literal");
    if (this.#take("e") || this.#take("E")) {
      if (!this.#take("+")) this.#take("-");
      this.#digits("in exponent of numeric literal");
    }
    const digits = this.#text.slice(start, this.#at);
    const value = Number(digits);
    if (Number.isFinite(value)) return value;
    this.rangeError ??= new GoError(
      (isLiteral) => `json: cannot unmarshal number ${isLiteral(0) ? digits : LEFT_OUT} into Go value of type float64`,
    );
    return null;
  }

  #digits(where: string): void {
    if (!/[0-9]/.test(this.#peek())) throw this.#unexpected(where);
    while (/[0-9]/.test(this.#peek())) this.#at++;
  }

  #string(): string {
    const parts: string[] = [];
    let start = ++this.#at;
    for (;;) {
      const character = this.#peek();
      if (character === '"' || character === "\\") {
        parts.push(validUtf8(this.#text.slice(start, this.#at)));
        this.#at++;
        if (character === '"') {
          const whole = parts.join("");
          this.#context.spend(whole.length);
          return whole;
        }
        parts.push(this.#escape());
        start = this.#at;
        continue;
      }
      if (character < " ") throw this.#unexpected("in string literal");
      this.#plainRun.lastIndex = this.#at;
      this.#plainRun.test(this.#text);
      this.#at = this.#plainRun.lastIndex;
    }
  }

  #escape(): string {
    const character = this.#peek();
    const simple = ESCAPES.get(character);
    if (simple === undefined && character !== "u") throw this.#unexpected("in string escape code");
    this.#at++;
    if (simple !== undefined) return simple;
    const unit = this.#hexUnit();
    if (unit < 0xd800 || unit > 0xdfff) return encodeRune(unit);
    const low = /^\\u([dD][c-fC-F][0-9a-fA-F]{2})/.exec(this.#text.slice(this.#at, this.#at + 6));
    if (unit > 0xdbff || low === null) return encodeRune(RUNE_ERROR);
    this.#at += 6;
    return encodeRune(0x10000 + ((unit - 0xd800) << 10) + (Number.parseInt(low[1] ?? "", 16) - 0xdc00));
  }

  #hexUnit(): number {
    const start = this.#at;
    for (let index = 0; index < 4; index++) {
      if (!/[0-9a-fA-F]/.test(this.#peek())) throw this.#unexpected("in \\u hexadecimal character escape");
      this.#at++;
    }
    return Number.parseInt(this.#text.slice(start, this.#at), 16);
  }

  #skipSpace(): void {
    while (/[ \t\r\n]/.test(this.#peek())) this.#at++;
  }

  /** The next character; empty at the end. */
  #peek(): string {
    return this.#text.charAt(this.#at);
  }

  #take(character: string): boolean {
    const taken = this.#peek() === character;
    if (taken) this.#at++;
    return taken;
  }

  #unexpected(where: string): GoError {
    const character = this.#peek();
    if (character !== "") {
      return new GoError(
        (isLiteral) => `invalid character ${isLiteral(0) ? quoted(character) : `'${LEFT_OUT}'`} ${where}`,
      );
    }
    // Go ends every text with a space, which only within a token is a fault of its own.
    return new GoError(WITHIN_TOKEN.test(where) ? `invalid character ' ' ${where}` : "unexpected end of JSON input");
  }
}

const WITHIN_TOKEN = /literal (?:true|false|null)|numeric literal|escape/;

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

/** Bytes that are no UTF-8 become U+FFFD. */
function validUtf8(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is about bytes
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  return encodedRunes(text)
    .map((bytes) => (bytes.length === 1 ? encodeRune(decodeRune(bytes, 0) >>> 3) : bytes))
    .join("");
}

/** A byte as Go's JSON errors quote it. */
function quoted(byte: string): string {
  if (byte === "'") return "'\\''";
  if (byte === '"') return "'\"'";
  return `'${quote(encodeRune(byte.charCodeAt(0))).slice(1, -1)}'`;
}
