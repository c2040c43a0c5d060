/** The text of a YAML document as it grows, line by line. */
import { isMultiline } from "./scalar-style.ts";

/** Knows the column, and what may follow without a space or a line break. */
export class LineWriter {
  readonly #parts: string[] = [];
  #column = 0;
  #isAfterSpace = true;
  #isInIndentation = true;

  get text(): string {
    return this.#parts.join("");
  }

  /** In characters, from 0. */
  get column(): number {
    return this.#column;
  }

  /** Whether the line has nothing but indentation and `-`, `?`, `:` so far. */
  get isInIndentation(): boolean {
    return this.#isInIndentation;
  }

  /** Goes to that column, on a new line where needed. */
  indent(column: number): void {
    if (!this.#isInIndentation || this.#column > column || (this.#column === column && !this.#isAfterSpace)) {
      this.lineBreak("\n");
    }
    this.#put(" ".repeat(Math.max(column - this.#column, 0)));
    this.#isAfterSpace = true;
    this.#isInIndentation = true;
  }

  /** An indicator is set off by a space. `startsNode`: like indentation, a nested collection may follow on the same line. */
  indicator(text: string, startsNode = false): void {
    this.space();
    this.#put(text);
    this.#isAfterSpace = false;
    this.#isInIndentation = this.#isInIndentation && startsNode;
  }

  /** A space, unless there is one or a line begins. */
  space(): void {
    if (!this.#isAfterSpace) this.#put(" ");
  }

  /** A part of a scalar: a blank, a line break or anything else. */
  content(text: string): void {
    if (isMultiline(text)) this.lineBreak(text);
    else this.#put(text);
    if (text !== " ") this.#isInIndentation = isMultiline(text);
  }

  /** After a scalar that ends on its line, or the `:` of a key. */
  endScalar(text = ""): void {
    this.#put(text);
    this.#isAfterSpace = this.#isInIndentation = false;
  }

  /** One line break as it is. */
  lineBreak(text: string): void {
    this.#parts.push(text);
    this.#column = 0;
  }

  /** The line break after the header of a block. */
  startBlock(): void {
    this.lineBreak("\n");
    this.#isAfterSpace = this.#isInIndentation = true;
  }

  #put(text: string): void {
    if (text === "") return;
    this.#parts.push(text);
    this.#column += text.length === 1 ? 1 : [...text].length;
  }
}
