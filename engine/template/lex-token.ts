/** The tokens of a template's text. */

/** What a token is. Keywords and `.` have their own text as type. */
export type TokenType =
  | "error"
  | "bool"
  | "char"
  | "charConstant"
  | "complex"
  | "="
  | ":="
  | "eof"
  | "field"
  | "identifier"
  | "leftDelimiter"
  | "("
  | "number"
  | "|"
  | "rawString"
  | "rightDelimiter"
  | ")"
  | "space"
  | "string"
  | "text"
  | "variable"
  | Keyword;

/** The words that begin actions, `nil` and the dot. */
export type Keyword = (typeof KEYWORDS)[number];

const KEYWORDS = [
  "block",
  "break",
  "continue",
  ".",
  "define",
  "else",
  "end",
  "if",
  "nil",
  "range",
  "template",
  "with",
] as const;

/** Whether a word is a keyword. */
export function isKeyword(word: string): word is Keyword {
  return KEYWORD_SET.has(word);
}

const KEYWORD_SET: ReadonlySet<string> = new Set(KEYWORDS);

/** A piece of the text; for an error, `text` is its message. */
export interface Token {
  readonly type: TokenType;
  /** The byte offset of its start. */
  readonly position: number;
  readonly text: string;
}
