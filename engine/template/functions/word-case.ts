/** The words of xstrings: `camelcase` (PascalCase), `snakecase`, `kebabcase`. */
import { decodeRune, encodeRune, RUNE_ERROR } from "../fmt/utf8.ts";
import { runesOf, textOfRunes } from "./runes.ts";
import { isLetter, isNumber, isPunct, isSpace, isUpper, toLower, toUpper } from "./unicode.ts";

type WordKind = "none" | "number" | "upper" | "alphabet" | "connector" | "punct" | "other";

/** `first_name` for `FirstName`. */
export function snakeCase(text: string): string {
  return new WordWriter(text, "_").write();
}

/** `first-name` for `FirstName`. */
export function kebabCase(text: string): string {
  return new WordWriter(text, "-").write();
}

/** `FirstName` for `first_name`; connectors at the start stay, of several in a row one is left out. */
export function pascalCase(text: string): string {
  const runes = runesOf(text);
  const start = runes.findIndex((rune) => !isConnector(rune));
  // xstrings writes the last connector of a text of nothing else twice.
  if (start < 0) return textOfRunes([...runes, ...runes.slice(-1)]);
  const output = runes.slice(0, start);
  let current = runes[start] ?? RUNE_ERROR;
  let lowering = isUpper(current);
  current = toUpper(current);
  for (let next of runes.slice(start + 1)) {
    if (isConnector(current)) {
      if (isConnector(next)) output.push(current);
      else {
        lowering = isUpper(next);
        next = toUpper(next);
      }
    } else {
      lowering &&= isUpper(next);
      if (lowering) next = toLower(next);
      output.push(current);
    }
    current = next;
  }
  output.push(current);
  return textOfRunes(output);
}

/** Reads word by word and writes each in small letters, with connectors between them. */
class WordWriter {
  readonly #connector: string;
  readonly #text: string;
  #at = 0;
  #kind: WordKind = "none";
  #word = "";
  #output = "";

  constructor(text: string, connector: string) {
    this.#text = text;
    this.#connector = connector;
  }

  write(): string {
    this.#next();
    while (this.#at < this.#text.length) {
      if (this.#kind !== "connector") this.#emit();
      const kind = this.#kind;
      const word = this.#word;
      this.#next();
      if (kind === "number") this.#afterNumber();
      else if (kind === "connector") this.#emit(kind, word);
      else if (kind !== "punct") this.#afterWord();
    }
    this.#emit();
    return this.#output;
  }

  /** Letters after a number belong to it. */
  #afterNumber(): void {
    while (this.#kind === "alphabet" || this.#kind === "number") {
      this.#emit();
      this.#next();
    }
    if (this.#kind !== "none") this.#connect();
  }

  /** A number after a word belongs to the word, unless small letters follow the number. */
  #afterWord(): void {
    const digits = this.#word;
    if (this.#kind === "number") {
      if (this.#at >= this.#text.length) return;
      this.#next();
      if (this.#isSmall()) {
        this.#output += this.#connector;
        this.#emit("number", digits);
        this.#afterNumber();
        return;
      }
      this.#emit("number", digits);
    }
    this.#connect();
  }

  #isSmall(): boolean {
    return this.#kind === "alphabet";
  }

  #connect(): void {
    if (this.#kind !== "connector" && this.#kind !== "punct") this.#output += this.#connector;
  }

  #emit(kind: WordKind = this.#kind, word: string = this.#word): void {
    const changes = kind === "upper" || kind === "connector";
    this.#output += changes
      ? runesOf(word)
          .map((rune) => this.#lowered(rune))
          .join("")
      : word;
  }

  #lowered(rune: number): string {
    if (isConnector(rune)) return this.#connector;
    return encodeRune(isUpper(rune) ? toLower(rune) : rune);
  }

  #next(): void {
    if (this.#at >= this.#text.length) {
      this.#kind = "none";
      this.#word = "";
      return;
    }
    const { kind, end } = wordAt(this.#text, this.#at);
    this.#kind = kind;
    this.#word = this.#text.slice(this.#at, end);
    this.#at = end;
  }
}

/** The word that starts at a byte: what it is and where it ends. */
function wordAt(text: string, start: number): { readonly kind: WordKind; readonly end: number } {
  const first = validRuneAt(text, start, RUNE_ERROR);
  const kind = kindOfWord(first.rune);
  const end = start + first.size;
  if (kind === "upper") return { kind, end: upperEnd(text, end, first.rune) };
  const belongs = BELONGS[kind];
  return { kind, end: belongs === undefined ? end : runEnd(text, end, first.rune, belongs) };
}

const isSmall = (rune: number): boolean => isAlphabet(rune) && !isUpper(rune);

const BELONGS: Readonly<Partial<Record<WordKind, (rune: number) => boolean>>> = {
  connector: isConnector,
  punct: isPunct,
  alphabet: isSmall,
  number: isNumber,
  other: (rune) => !isConnector(rune) && !isAlphabet(rune) && !isNumber(rune) && !isPunct(rune),
};

function kindOfWord(rune: number): WordKind {
  if (rune === RUNE_ERROR) return "none";
  if (isConnector(rune)) return "connector";
  if (isPunct(rune)) return "punct";
  if (isUpper(rune)) return "upper";
  if (isAlphabet(rune)) return "alphabet";
  return isNumber(rune) ? "number" : "other";
}

/** The end of a word that begins with a capital: `Status`, or `HTTP` of `HTTPStatus`. */
function upperEnd(text: string, from: number, first: number): number {
  if (from >= text.length) return from;
  const second = validRuneAt(text, from, first);
  let end = from + second.size;
  if (!isUpper(second.rune)) return isAlphabet(second.rune) ? runEnd(text, end, second.rune, isSmall) : from;
  let { rune, size } = second;
  while (end < text.length) {
    const next = validRuneAt(text, end, rune);
    rune = next.rune;
    if (!isUpper(rune)) return isAlphabet(rune) ? end - size : end;
    size = next.size;
    end += size;
  }
  return end;
}

function runEnd(text: string, from: number, previous: number, belongs: (rune: number) => boolean): number {
  let end = from;
  let rune = previous;
  while (end < text.length) {
    const next = validRuneAt(text, end, rune);
    rune = next.rune;
    if (!belongs(rune)) break;
    end += next.size;
  }
  return end;
}

/** The next rune that is none in error; `size` counts the bytes that were passed over. */
function validRuneAt(text: string, start: number, otherwise: number): { readonly rune: number; readonly size: number } {
  for (let at = start; at < text.length; ) {
    const decoded = decodeRune(text, at);
    at += decoded & 7;
    if (decoded >>> 3 !== RUNE_ERROR) return { rune: decoded >>> 3, size: at - start };
  }
  return { rune: otherwise, size: text.length - start };
}

function isConnector(rune: number): boolean {
  return rune === 0x2d || rune === 0x5f || isSpace(rune);
}

/** Letters but the common Chinese ones. */
function isAlphabet(rune: number): boolean {
  const isHan =
    (rune >= 0x4e00 && rune <= 0x9fcc) || (rune >= 0x3400 && rune <= 0x4d85) || (rune >= 0x20000 && rune <= 0x2b81d);
  return isLetter(rune) && !isHan;
}
