/** The tokens that are read and not taken yet, and the indentation of blocks. */
import type { Mark } from "./cursor.ts";
import { type Token, type TokenType, tokenOf } from "./tokens.ts";

/** Tokens are numbered from 0; some are inserted before others once their meaning is known. */
export class TokenQueue {
  readonly #tokens: Token[] = [];
  readonly #indents: number[] = [];
  #taken = 0;
  #indent = -1;

  /** Of the innermost block collection; -1 outside of any. */
  get indent(): number {
    return this.#indent;
  }

  /** How many block collections are open. */
  get depth(): number {
    return this.#indents.length;
  }

  /** The number of the first token that is here or will be. */
  get firstNumber(): number {
    return this.#taken;
  }

  /** The number that the next new token gets. */
  get nextNumber(): number {
    return this.#taken + this.#tokens.length;
  }

  get first(): Token | undefined {
    return this.#tokens[0];
  }

  takeFirst(): void {
    this.#tokens.shift();
    this.#taken++;
  }

  add(token: Token): void {
    this.#tokens.push(token);
  }

  /** Before the token of that number; at the end where that one is gone. */
  insert(number: number, token: Token): void {
    const at = number - this.#taken;
    this.#tokens.splice(at < 0 ? this.#tokens.length : at, 0, token);
  }

  /** Opens a block collection where the column is further in, before the token of that number. */
  roll(column: number, type: TokenType, mark: Mark, number = this.nextNumber): void {
    if (this.#indent >= column) return;
    this.#indents.push(this.#indent);
    this.#indent = column;
    this.insert(number, tokenOf(type, mark));
  }

  /** Closes the block collections that are further in than the column. */
  unroll(column: number, mark: Mark): void {
    while (this.#indent > column) {
      this.add(tokenOf("block-end", mark));
      this.#indent = this.#indents.pop() ?? -1;
    }
  }
}
