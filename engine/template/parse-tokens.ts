/** The tokens in front of the parser: up to three can be put back, which Go's grammar needs. */

import { lineOf, parseError, type TemplateError, type TemplateSource } from "./errors.ts";
import { sprintf } from "./fmt/printf.ts";
import { quote } from "./fmt/quote.ts";
import { TemplateLimitExceeded } from "./go-value.ts";
import type { Lexer } from "./lex.ts";
import { isKeyword, type Token, type TokenType } from "./lex-token.ts";

/** Reads tokens ahead, and makes the errors that point at them. */
export class TokenStream {
  private readonly lexer: Lexer;
  private readonly source: TemplateSource;
  /** Tokens put back, the next one last. */
  private readonly ahead: Token[] = [];
  /** The token read last from the text: errors are at its line. */
  private latest: Token = { type: "text", position: 0, text: "" };
  /** Where the action being parsed starts. */
  actionPosition: number | undefined;

  constructor(lexer: Lexer, source: TemplateSource) {
    this.lexer = lexer;
    this.source = source;
  }

  next(): Token {
    const waiting = this.ahead.pop();
    if (waiting !== undefined) return waiting;
    this.latest = this.lexer.next();
    return this.latest;
  }

  peek(): Token {
    const token = this.next();
    this.ahead.push(token);
    return token;
  }

  /** Puts tokens back, given in the order of the text. */
  putBack(...tokens: readonly Token[]): void {
    for (const token of [...tokens].reverse()) this.ahead.push(token);
  }

  nextNonSpace(): Token {
    let token = this.next();
    while (token.type === "space") token = this.next();
    return token;
  }

  peekNonSpace(): Token {
    const token = this.nextNonSpace();
    this.ahead.push(token);
    return token;
  }

  /** The next token that is no space, which must be of one of the types. */
  expect(context: string, ...types: readonly TokenType[]): Token {
    const token = this.nextNonSpace();
    if (!types.includes(token.type)) throw this.unexpected(token, context);
    return token;
  }

  /** An error at the line that is being read. */
  error(message: string): TemplateError {
    return parseError(this.source, this.latest.position, message);
  }

  /** The error of a limit, at the line that is being read. */
  limitExceeded(message: string): TemplateLimitExceeded {
    return new TemplateLimitExceeded(this.error(message).message);
  }

  /** The error of a token that does not belong here; for a lexer's error, that error. */
  unexpected(token: Token, context: string): TemplateError {
    if (token.type !== "error") return this.error(`unexpected ${tokenText(token)} in ${context}`);
    const started = this.actionPosition === undefined ? undefined : lineOf(this.source, this.actionPosition);
    if (started === undefined || started === lineOf(this.source, token.position)) return this.error(token.text);
    const where = `started at ${this.source.name}:${started}`;
    return this.error(`${token.text}${token.text.endsWith(" action") ? "" : " in action"} ${where}`);
  }
}

/** A token as errors show it: keywords in angle brackets, others quoted and cut. */
function tokenText(token: Token): string {
  if (token.type === "eof") return "EOF";
  if (isKeyword(token.type)) return `<${token.text}>`;
  return token.text.length > 10 ? sprintf("%.10q...", [token.text]) : quote(token.text);
}
