/** The errors of templates: where they are, in Go's words, and never with a value of the data. */

import type { TemplateAstNode } from "./ast.ts";
import { nodeText } from "./ast-text.ts";
import { quote } from "./fmt/quote.ts";
import { textOf } from "./go-value.ts";

/** A template that cannot be parsed or executed. The message is Go's: `template: name:1:3: executing "name" at <.x>: …`. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
  /** Whether the text is wrong, or what it does with the data. */
  readonly phase: "parse" | "execute";
  /** The name that the template was compiled with. */
  readonly templateName: string;
  /** From 1. */
  readonly line: number;
  /** Bytes before the place in its line, from 0; undefined for errors of parsing. */
  readonly column: number | undefined;

  constructor(
    message: string,
    place: {
      readonly phase: "parse" | "execute";
      readonly templateName: string;
      readonly line: number;
      readonly column?: number;
    },
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.phase = place.phase;
    this.templateName = place.templateName;
    this.line = place.line;
    this.column = place.column;
  }
}

/** A template's text and the name of its file or key. */
export interface TemplateSource {
  readonly name: string;
  /** A Go string. */
  readonly text: string;
}

/** The line of a byte offset, from 1. */
export function lineOf(source: TemplateSource, position: number): number {
  let line = 1;
  for (let at = source.text.indexOf("\n"); at >= 0 && at < position; at = source.text.indexOf("\n", at + 1)) line++;
  return line;
}

/** An error of parsing, at the line of a byte offset. `message` is a Go string. */
export function parseError(source: TemplateSource, position: number, message: string): TemplateError {
  const line = lineOf(source, position);
  return new TemplateError(`template: ${source.name}:${line}: ${textOf(message)}`, {
    phase: "parse",
    templateName: source.name,
    line,
  });
}

/** An error of executing the part `node` of the (defined) template `running`. `message` is a Go string. */
export function executeError(
  source: TemplateSource,
  running: string,
  node: TemplateAstNode,
  message: string,
  options?: ErrorOptions,
): TemplateError {
  const line = lineOf(source, node.position);
  const column = node.position - (source.text.lastIndexOf("\n", node.position - 1) + 1);
  const where = `executing ${textOf(quote(running))} at <${excerptOf(node)}>`;
  return new TemplateError(
    `template: ${source.name}:${line}:${column}: ${where}: ${textOf(message)}`,
    { phase: "execute", templateName: source.name, line, column },
    options,
  );
}

/** Longer excerpts are cut. */
const LONGEST_EXCERPT = 240;

function excerptOf(node: TemplateAstNode): string {
  const text = textOf(nodeText(node));
  return text.length <= LONGEST_EXCERPT ? text : `${text.slice(0, LONGEST_EXCERPT)}…`;
}
