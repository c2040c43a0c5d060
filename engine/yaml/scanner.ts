/** Turns a YAML 1.1 text into tokens: indentation, simple keys and flow levels, as libyaml does. */
import { Cursor, END, isBlank, isBlankOrEnd, isBreak } from "./cursor.ts";
import { scanAnchor, scanDirective, scanError, scanTag } from "./scan-properties.ts";
import { scanBlockScalar, scanPlain, scanQuoted } from "./scan-scalars.ts";
import { SimpleKeys } from "./simple-keys.ts";
import { TokenQueue } from "./token-queue.ts";
import { type Token, type TokenType, tokenOf } from "./tokens.ts";

/** Nesting beyond this is refused, in place of an overflow of the stack. */
const MAX_DEPTH = 1000;

const CANNOT_START_PLAIN = "-?:,[]{}#&*!|>'\"%@`";

/** Gives tokens one by one, and reads no further than they need. */
export class Scanner {
  readonly #cursor: Cursor;
  readonly #queue = new TokenQueue();
  readonly #simpleKeys: SimpleKeys;
  #flowLevel = 0;
  #isSimpleKeyAllowed = true;

  constructor(text: string) {
    this.#cursor = new Cursor(text);
    this.#simpleKeys = new SimpleKeys(() => {
      throw scanError(this.#cursor, "could not find expected ':'");
    });
    this.#simpleKeys.enter(0, this.#cursor.mark());
  }

  /** The next token, which stays. After the end of the stream: its end again. */
  peek(): Token {
    const queue = this.#queue;
    while (queue.first === undefined || this.#simpleKeys.holdsBack(queue.firstNumber, this.#cursor)) {
      this.#fetch();
    }
    return queue.first;
  }

  /** Takes the next token. */
  take(): Token {
    const token = this.peek();
    if (token.type !== "stream-end") this.#queue.takeFirst();
    return token;
  }

  #fetch(): void {
    const cursor = this.#cursor;
    this.#skipToNextToken();
    if (!this.#isInFlow) this.#queue.unroll(cursor.column, cursor.mark());
    const code = cursor.peek();
    if (code === END) this.#endStream();
    else if (cursor.column === 0 && code === 0x25) {
      this.#endDocumentContent();
      this.#queue.add(scanDirective(cursor));
    } else if (cursor.isAtDocumentIndicator()) this.#fetchDocumentIndicator();
    else if (!this.#fetchIndicator(String.fromCharCode(code))) this.#fetchPlain();
  }

  #endStream(): void {
    this.#cursor.endLine();
    this.#endDocumentContent();
    this.#queue.add(tokenOf("stream-end", this.#cursor.mark()));
  }

  #fetchDocumentIndicator(): void {
    this.#endDocumentContent();
    this.#push(this.#cursor.peek() === 0x2d ? "document-start" : "document-end", 3);
  }

  #endDocumentContent(): void {
    if (!this.#isInFlow) this.#queue.unroll(-1, this.#cursor.mark());
    this.#simpleKeys.remove();
    this.#isSimpleKeyAllowed = false;
  }

  /** Whether the character begins a token other than a plain scalar; then it was fetched. */
  #fetchIndicator(character: string): boolean {
    const isBeforeBlank = isBlankOrEnd(this.#cursor.peek(1));
    const isIndicator = this.#isInFlow || isBeforeBlank;
    switch (character) {
      case "[":
      case "{":
        this.#startFlow(character === "[" ? "flow-sequence-start" : "flow-mapping-start");
        return true;
      case "]":
      case "}":
        this.#endFlow(character === "]" ? "flow-sequence-end" : "flow-mapping-end");
        return true;
      case ",":
        this.#fetchFlowEntry();
        return true;
      case "-":
        if (isBeforeBlank) this.#fetchBlockEntry();
        return isBeforeBlank;
      case "?":
        if (isIndicator) this.#fetchKey();
        return isIndicator;
      case ":":
        if (isIndicator) this.#fetchValue();
        return isIndicator;
      default:
        return this.#fetchMarkedScalar(character);
    }
  }

  /** Anchors, tags, quoted and block scalars. */
  #fetchMarkedScalar(character: string): boolean {
    switch (character) {
      case "*":
      case "&":
        this.#fetchScalar(() => scanAnchor(this.#cursor, character === "*" ? "alias" : "anchor"));
        return true;
      case "!":
        this.#fetchScalar(() => scanTag(this.#cursor));
        return true;
      case "'":
      case '"':
        this.#fetchScalar(() => scanQuoted(this.#cursor, character));
        return true;
      case "|":
      case ">":
        if (this.#isInFlow) return false;
        this.#simpleKeys.remove();
        this.#isSimpleKeyAllowed = true;
        this.#queue.add(scanBlockScalar(this.#cursor, character === "|", this.#queue.indent));
        return true;
      default:
        return false;
    }
  }

  #fetchScalar(scan: () => Token): void {
    this.#saveSimpleKey();
    this.#isSimpleKeyAllowed = false;
    this.#queue.add(scan());
  }

  #fetchPlain(): void {
    if (!this.#canStartPlain()) throw scanError(this.#cursor, "found character that cannot start any token");
    this.#fetchScalar(() => {
      const [token, endsWithBreak] = scanPlain(this.#cursor, this.#queue.indent, this.#isInFlow);
      if (endsWithBreak) this.#isSimpleKeyAllowed = true;
      return token;
    });
  }

  #canStartPlain(): boolean {
    const code = this.#cursor.peek();
    const next = this.#cursor.peek(1);
    if (!isBlankOrEnd(code) && !CANNOT_START_PLAIN.includes(String.fromCharCode(code))) return true;
    if (code === 0x2d) return !isBlank(next);
    return !this.#isInFlow && (code === 0x3f || code === 0x3a) && !isBlankOrEnd(next);
  }

  #startFlow(type: TokenType): void {
    this.#saveSimpleKey();
    this.#simpleKeys.enter(this.#queue.nextNumber, this.#cursor.mark());
    this.#flowLevel++;
    this.#refuseDepth(this.#flowLevel);
    this.#isSimpleKeyAllowed = true;
    this.#push(type);
  }

  #endFlow(type: TokenType): void {
    this.#simpleKeys.remove();
    if (this.#flowLevel > 0) {
      this.#flowLevel--;
      this.#simpleKeys.leave();
    }
    this.#isSimpleKeyAllowed = false;
    this.#push(type);
  }

  #fetchFlowEntry(): void {
    this.#simpleKeys.remove();
    this.#isSimpleKeyAllowed = true;
    this.#push("flow-entry");
  }

  #fetchBlockEntry(): void {
    this.#startBlock("block-sequence-start", "block sequence entries are not allowed in this context");
    this.#simpleKeys.remove();
    this.#isSimpleKeyAllowed = true;
    this.#push("block-entry");
  }

  #fetchKey(): void {
    this.#startBlock("block-mapping-start", "mapping keys are not allowed in this context");
    this.#simpleKeys.remove();
    this.#isSimpleKeyAllowed = !this.#isInFlow;
    this.#push("key");
  }

  #fetchValue(): void {
    const key = this.#simpleKeys.take(this.#cursor);
    if (key === undefined) {
      this.#startBlock("block-mapping-start", "mapping values are not allowed in this context");
      this.#isSimpleKeyAllowed = !this.#isInFlow;
    } else {
      this.#queue.insert(key.tokenNumber, tokenOf("key", key.mark));
      if (!this.#isInFlow) {
        this.#queue.roll(key.mark.column, "block-mapping-start", key.mark, key.tokenNumber);
        this.#refuseDepth(this.#queue.depth);
      }
      this.#isSimpleKeyAllowed = false;
    }
    this.#push("value");
  }

  /** A block collection begins here unless it is open already; in flow collections there are none. */
  #startBlock(type: TokenType, refusal: string): void {
    if (this.#isInFlow) return;
    if (!this.#isSimpleKeyAllowed) throw scanError(this.#cursor, refusal);
    this.#queue.roll(this.#cursor.column, type, this.#cursor.mark());
    this.#refuseDepth(this.#queue.depth);
  }

  #saveSimpleKey(): void {
    if (!this.#isSimpleKeyAllowed) return;
    const isRequired = !this.#isInFlow && this.#queue.indent === this.#cursor.column;
    this.#simpleKeys.save(this.#queue.nextNumber, this.#cursor.mark(), isRequired);
  }

  #skipToNextToken(): void {
    const cursor = this.#cursor;
    for (;;) {
      const skipsTabs = this.#isInFlow || !this.#isSimpleKeyAllowed;
      while (cursor.peek() === 0x20 || (skipsTabs && cursor.peek() === 0x09)) cursor.skip();
      cursor.skipComment();
      if (!isBreak(cursor.peek())) return;
      cursor.readBreak();
      if (!this.#isInFlow) this.#isSimpleKeyAllowed = true;
    }
  }

  #push(type: TokenType, length = 1): void {
    this.#queue.add(tokenOf(type, this.#cursor.mark()));
    this.#cursor.skip(length);
  }

  #refuseDepth(depth: number): void {
    if (depth > MAX_DEPTH) throw scanError(this.#cursor, `exceeded max depth of ${MAX_DEPTH}`);
  }

  get #isInFlow(): boolean {
    return this.#flowLevel > 0;
  }
}
