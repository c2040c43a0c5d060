/** Parses a template's text into its tree and those of the templates that it defines. */

import type { BranchNode, EndNode, JumpNode, ListNode, StatementNode, TemplateNode, TextNode } from "./ast.ts";
import { nodeText } from "./ast-text.ts";
import type { TemplateSource } from "./errors.ts";
import { quote } from "./fmt/quote.ts";
import { textOf } from "./go-value.ts";
import { Lexer } from "./lex.ts";
import type { Token } from "./lex-token.ts";
import { MAX_PARSE_NESTING } from "./limits.ts";
import { type KnownFunctions, PipelineParser } from "./parse-pipelines.ts";
import { TokenStream } from "./parse-tokens.ts";

/** What the text is read with. */
export interface ParseOptions {
  readonly leftDelimiter: string;
  readonly rightDelimiter: string;
  readonly functions: KnownFunctions;
}

/** Bodies by template name, a Go string. */
export type TreeSet = Map<string, ListNode>;

/**
 * Parses a text; the tree of the text itself is under `rootName`, a Go string.
 *
 * @throws TemplateError with Go's message
 * @throws TemplateLimitExceeded if control structures or parentheses are nested too deeply
 */
export function parseTemplate(source: TemplateSource, rootName: string, options: ParseOptions): TreeSet {
  const trees: TreeSet = new Map();
  const lexer = new Lexer(source.text, { ...options, isFunction: (name) => options.functions.has(name) });
  const parser = new TreeParser(new TokenStream(lexer, source), options.functions, trees);
  parser.parseRoot(rootName);
  return trees;
}

/** Parses one body; each definition inside gets a parser of its own, with its own variables. */
class TreeParser extends PipelineParser {
  private readonly trees: TreeSet;
  private readonly knownFunctions: KnownFunctions;
  /** How many `range` are open: `break` and `continue` need one. */
  private openRanges = 0;
  private depth: number;

  constructor(tokens: TokenStream, functions: KnownFunctions, trees: TreeSet, depth = 0) {
    super(tokens, functions);
    this.trees = trees;
    this.knownFunctions = functions;
    this.depth = depth;
  }

  parseRoot(name: string): void {
    const { tokens } = this;
    const root: ListNode = { kind: "list", position: tokens.peek().position, nodes: [] };
    while (tokens.peek().type !== "eof") {
      if (this.definition()) continue;
      const node = this.textOrAction();
      if (isEnd(node)) throw tokens.error(`unexpected ${nodeText(node)}`);
      root.nodes.push(node);
    }
    this.add(name, root);
  }

  /** Parses `{{ define }}` if one stands here. */
  private definition(): boolean {
    const { tokens } = this;
    if (tokens.peek().type !== "leftDelimiter") return false;
    const delimiter = tokens.next();
    const word = tokens.nextNonSpace();
    if (word.type !== "define") {
      tokens.putBack(delimiter, word);
      return false;
    }
    const context = "define clause";
    const name = this.unquoted(tokens.expect(context, "string", "rawString"));
    tokens.expect(context, "rightDelimiter");
    this.innerBody(name, context);
    return true;
  }

  /** The body of a `define` or `block`, up to its `{{ end }}`. */
  private innerBody(name: string, context: string): void {
    const { actionPosition } = this.tokens;
    this.tokens.actionPosition = undefined;
    const inner = new TreeParser(this.tokens, this.knownFunctions, this.trees, this.depth);
    const { list, end } = inner.itemList();
    if (end.kind !== "end") throw this.tokens.error(`unexpected ${nodeText(end)} in ${context}`);
    this.add(name, list);
    this.tokens.actionPosition = actionPosition;
  }

  /** A second definition is an error, unless one of the two is empty. */
  private add(name: string, list: ListNode): void {
    const known = this.trees.get(name);
    if (known === undefined || isEmpty(known)) this.trees.set(name, list);
    else if (!isEmpty(list)) {
      throw this.tokens.error(`template: multiple definition of template ${quote(name)}`);
    }
  }

  private itemList(): { readonly list: ListNode; readonly end: EndNode } {
    const { tokens } = this;
    const list: ListNode = { kind: "list", position: tokens.peekNonSpace().position, nodes: [] };
    while (tokens.peekNonSpace().type !== "eof") {
      const node = this.textOrAction();
      if (isEnd(node)) return { list, end: node };
      list.nodes.push(node);
    }
    throw tokens.error("unexpected EOF");
  }

  private textOrAction(): StatementNode | EndNode {
    const { tokens } = this;
    const token = tokens.nextNonSpace();
    if (token.type === "text") {
      const text: TextNode = { kind: "text", position: token.position, text: token.text };
      return text;
    }
    if (token.type !== "leftDelimiter") throw tokens.unexpected(token, "input");
    tokens.actionPosition = token.position;
    const node = this.action();
    tokens.actionPosition = undefined;
    return node;
  }

  private action(): StatementNode | EndNode {
    const { tokens } = this;
    const token = tokens.nextNonSpace();
    switch (token.type) {
      case "block":
        return this.block();
      case "break":
      case "continue":
        return this.jump(token, token.type);
      case "else":
        return this.otherwise();
      case "end":
        return { kind: "end", position: tokens.expect("end", "rightDelimiter").position };
      case "if":
      case "range":
      case "with":
        return this.branch(token.type);
      case "template":
        return this.invocation();
    }
    tokens.putBack(token);
    const { position } = tokens.peek();
    return { kind: "action", position, pipe: this.pipeline("command", "rightDelimiter") };
  }

  private jump({ position }: Token, kind: JumpNode["kind"]): JumpNode {
    const { tokens } = this;
    tokens.expect(`{{${kind}}}`, "rightDelimiter");
    if (this.openRanges === 0) throw tokens.error(`{{${kind}}} outside {{range}}`);
    return { kind, position };
  }

  /** `{{ else }}`; the word after `{{ else if` and `{{ else with` is left for the branch around it. */
  private otherwise(): EndNode {
    const next = this.tokens.peekNonSpace();
    if (next.type === "if" || next.type === "with") return { kind: "else", position: next.position };
    return { kind: "else", position: this.tokens.expect("else", "rightDelimiter").position };
  }

  private branch(kind: BranchNode["kind"]): BranchNode {
    if (++this.depth > MAX_PARSE_NESTING) {
      throw this.tokens.limitExceeded(`more than ${MAX_PARSE_NESTING} control structures are nested`);
    }
    const visible = this.variables.length;
    const pipe = this.pipeline(kind, "rightDelimiter");
    if (kind === "range") this.openRanges++;
    const { list, end } = this.itemList();
    if (kind === "range") this.openRanges--;
    const elseList = end.kind === "else" ? this.elseList(kind, end) : undefined;
    this.variables.length = visible;
    this.depth--;
    return { kind, position: pipe.position, pipe, list, elseList };
  }

  private elseList(kind: BranchNode["kind"], { position }: EndNode): ListNode {
    const { tokens } = this;
    const next = tokens.peek().type;
    // `{{ else if }}` is a whole `if` in the else list, and both end at the same `{{ end }}`.
    if (kind !== "range" && next === kind) {
      tokens.next();
      return { kind: "list", position, nodes: [this.branch(kind)] };
    }
    const { list, end } = this.itemList();
    if (end.kind !== "end") throw tokens.error(`expected end; found ${nodeText(end)}`);
    return list;
  }

  /** `{{ block "name" pipeline }}`: defines the template and invokes it. */
  private block(): TemplateNode {
    const context = "block clause";
    const token = this.tokens.expect(context, "string", "rawString");
    const name = this.unquoted(token);
    const pipe = this.pipeline(context, "rightDelimiter");
    this.innerBody(name, context);
    return { kind: "template", position: token.position, name, pipe };
  }

  private invocation(): TemplateNode {
    const context = "template clause";
    const { tokens } = this;
    const token = tokens.expect(context, "string", "rawString");
    const name = this.unquoted(token);
    const next = tokens.nextNonSpace();
    if (next.type === "rightDelimiter") return { kind: "template", position: token.position, name, pipe: undefined };
    tokens.putBack(next);
    const pipe = this.pipeline(context, "rightDelimiter");
    return { kind: "template", position: token.position, name, pipe };
  }
}

function isEnd(node: StatementNode | EndNode): node is EndNode {
  return node.kind === "end" || node.kind === "else";
}

/** Unicode's white space, as Go trims it. */
const ONLY_SPACE = /^[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*$/;

function isEmpty(list: ListNode): boolean {
  return list.nodes.every((node) => node.kind === "text" && ONLY_SPACE.test(textOf(node.text)));
}
