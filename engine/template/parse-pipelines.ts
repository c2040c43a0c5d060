/** Parses what stands inside an action: pipelines, commands and operands. */

import type { ChainNode, CommandNode, OperandNode, PipeNode, VariableNode } from "./ast.ts";
import { nodeText } from "./ast-text.ts";
import { didYouMean } from "./errors-nearest.ts";
import { quote } from "./fmt/quote.ts";
import type { Token } from "./lex-token.ts";
import { MAX_PARSE_NESTING } from "./limits.ts";
import { BadNumber, parseNumber } from "./parse-numbers.ts";
import { unquote } from "./parse-strings.ts";
import type { TokenStream } from "./parse-tokens.ts";

/** The names of the functions that a template may call. */
export interface KnownFunctions {
  has(name: string): boolean;
  keys(): Iterable<string>;
}

/** Tokens that can begin a command. */
const OPERAND_TYPES = new Set<Token["type"]>([
  "bool",
  "charConstant",
  "complex",
  ".",
  "field",
  "identifier",
  "number",
  "nil",
  "rawString",
  "string",
  "variable",
  "(",
]);

/** Operands that cannot be a later stage of a pipeline. */
const CONSTANT_KINDS = new Set<OperandNode["kind"]>(["bool", "dot", "nil", "number", "string"]);

/** Parses pipelines of one template body, and keeps the variables that are declared in it. */
export class PipelineParser {
  protected readonly tokens: TokenStream;
  private readonly functions: KnownFunctions;
  /** Variables declared at this point, in order. */
  protected variables: string[] = ["$"];
  private openParentheses = 0;

  constructor(tokens: TokenStream, functions: KnownFunctions) {
    this.tokens = tokens;
    this.functions = functions;
  }

  /** Up to the token that ends it, which is consumed. */
  protected pipeline(context: string, end: "rightDelimiter" | ")"): PipeNode {
    const { position } = this.tokens.peekNonSpace();
    const pipe: PipeNode = { kind: "pipe", position, isAssign: false, declarations: [], commands: [] };
    while (this.declaration(pipe, context)) {}
    for (;;) {
      const token = this.tokens.nextNonSpace();
      if (token.type === end) break;
      if (!OPERAND_TYPES.has(token.type)) throw this.tokens.unexpected(token, context);
      this.tokens.putBack(token);
      pipe.commands.push(this.command());
    }
    this.checkPipeline(pipe, context);
    return pipe;
  }

  /** A variable that is declared or assigned, if one stands here; true if a second one may follow. */
  private declaration(pipe: PipeNode, context: string): boolean {
    const { tokens } = this;
    const variable = tokens.peekNonSpace();
    if (variable.type !== "variable") return false;
    tokens.next();
    const after = tokens.peek();
    const next = tokens.peekNonSpace();
    if (next.type === "=" || next.type === ":=") {
      pipe.isAssign = next.type === "=";
      tokens.nextNonSpace();
      this.declareVariable(pipe, variable);
      return false;
    }
    if (next.type === "char" && next.text === ",") {
      tokens.nextNonSpace();
      this.declareVariable(pipe, variable);
      if (context !== "range" || pipe.declarations.length >= 2) {
        throw tokens.error(`too many declarations in ${context}`);
      }
      if (["variable", "rightDelimiter", ")"].includes(tokens.peekNonSpace().type)) return true;
      throw tokens.error("range can only initialize variables");
    }
    // The space that followed has been skipped on the way to `next`; commands need it.
    tokens.putBack(variable, ...(after.type === "space" ? [after] : []));
    return false;
  }

  private declareVariable(pipe: PipeNode, token: Token): void {
    pipe.declarations.push({ kind: "variable", position: token.position, names: [token.text] });
    this.variables.push(token.text);
  }

  private checkPipeline(pipe: PipeNode, context: string): void {
    if (pipe.commands.length === 0) throw this.tokens.error(`missing value for ${context}`);
    pipe.commands.forEach((command, index) => {
      const [first] = command.args;
      if (index > 0 && first !== undefined && CONSTANT_KINDS.has(first.kind)) {
        throw this.tokens.error(`non executable command in pipeline stage ${index + 1}`);
      }
    });
  }

  /** Operands up to a `|`, which is consumed, or to the end of the pipeline, which is not. */
  private command(): CommandNode {
    const { tokens } = this;
    const command: CommandNode = { kind: "command", position: tokens.peekNonSpace().position, args: [] };
    for (;;) {
      tokens.peekNonSpace();
      const operand = this.operand();
      if (operand !== undefined) command.args.push(operand);
      const token = tokens.next();
      if (token.type === "space") continue;
      if (token.type === "rightDelimiter" || token.type === ")") tokens.putBack(token);
      else if (token.type !== "|") throw tokens.unexpected(token, "operand");
      break;
    }
    if (command.args.length === 0) throw tokens.error("empty command");
    return command;
  }

  /** A term with the fields that follow it; undefined if no term stands here. */
  private operand(): OperandNode | undefined {
    const { tokens } = this;
    const term = this.term();
    if (term === undefined || tokens.peek().type !== "field") return term;
    const { position } = tokens.peek();
    const names: string[] = [];
    while (tokens.peek().type === "field") names.push(tokens.next().text.slice(1));
    if (term.kind === "field" || term.kind === "variable") {
      return { kind: term.kind, position, names: [...term.names, ...names] };
    }
    if (CONSTANT_KINDS.has(term.kind)) throw tokens.error(`unexpected . after term ${quote(nodeText(term))}`);
    const chain: ChainNode = { kind: "chain", position, node: term, names };
    return chain;
  }

  private term(): OperandNode | undefined {
    const token = this.tokens.nextNonSpace();
    const { position, text } = token;
    switch (token.type) {
      case "identifier":
        return this.functionName(token);
      case ".":
        return { kind: "dot", position };
      case "nil":
        return { kind: "nil", position };
      case "variable":
        return this.useVariable(token);
      case "field":
        return { kind: "field", position, names: [text.slice(1)] };
      case "bool":
        return { kind: "bool", position, value: text === "true" };
      case "charConstant":
      case "complex":
      case "number":
        return this.number(token, token.type);
      case "(":
        return this.parenthesized();
      case "string":
      case "rawString":
        return { kind: "string", position, quoted: text, value: this.unquoted(token) };
    }
    this.tokens.putBack(token);
    return undefined;
  }

  private functionName({ position, text }: Token): OperandNode {
    if (!this.functions.has(text)) {
      const hint = didYouMean(text, this.functions.keys());
      throw this.tokens.error(`function ${quote(text)} not defined${hint}`);
    }
    return { kind: "identifier", position, name: text };
  }

  private useVariable({ position, text }: Token): VariableNode {
    if (!this.variables.includes(text)) {
      const hint = didYouMean(text, new Set(this.variables.slice(1)));
      throw this.tokens.error(`undefined variable ${quote(text)}${hint}`);
    }
    return { kind: "variable", position, names: [text] };
  }

  private number({ position, text }: Token, type: "number" | "complex" | "charConstant"): OperandNode {
    try {
      return { kind: "number", position, text, ...parseNumber(text, type) };
    } catch (error) {
      if (error instanceof BadNumber) throw this.tokens.error(error.message);
      throw error;
    }
  }

  private parenthesized(): PipeNode {
    if (this.openParentheses >= MAX_PARSE_NESTING) {
      throw this.tokens.limitExceeded(`max expression depth exceeded: more than ${MAX_PARSE_NESTING} open parentheses`);
    }
    this.openParentheses++;
    const pipe = this.pipeline("parenthesized pipeline", ")");
    this.openParentheses--;
    return pipe;
  }

  /** The value of a string's token. */
  protected unquoted(token: Token): string {
    const value = unquote(token.text);
    if (value === undefined) throw this.tokens.error("invalid syntax");
    return value;
  }
}
