/** Turns the tokens of a YAML stream into the nodes of its first document. */
import type { Mark } from "./cursor.ts";
import { textOfStream } from "./input.ts";
import type { MappingNode, ScalarNode, SequenceNode, YamlNode } from "./nodes.ts";
import { Scanner } from "./scanner.ts";
import type { Token, TokenType } from "./tokens.ts";
import { yamlErrorAt } from "./yaml-error.ts";

/** What may stand at a place: any block, also a sequence at the indentation of its key, or flow only. */
type Place = "block" | "block-or-indentless" | "flow";

const DEFAULT_TAG_HANDLES: readonly (readonly [string, string])[] = [
  ["!", "!"],
  ["!!", "tag:yaml.org,2002:"],
];

/**
 * The first document of a stream; undefined where there is none. What follows that document is not looked at.
 * @param stream a Go string
 * @throws YamlError in Go's words
 */
export function parseDocument(stream: string): YamlNode | undefined {
  return new DocumentParser(new Scanner(textOfStream(stream))).parse();
}

class DocumentParser {
  readonly #scanner: Scanner;
  readonly #anchors = new Map<string, YamlNode>();
  readonly #tagHandles = new Map<string, string>();

  constructor(scanner: Scanner) {
    this.#scanner = scanner;
  }

  parse(): YamlNode | undefined {
    if (this.#is("stream-end")) return undefined;
    const isExplicit = this.#is("version-directive", "tag-directive", "document-start");
    this.#readDirectives();
    if (isExplicit) {
      if (!this.#is("document-start")) throw this.#error("did not find expected <document start>");
      this.#scanner.take();
    }
    const isEmpty =
      isExplicit && this.#is("version-directive", "tag-directive", "document-start", "document-end", "stream-end");
    const node = isEmpty ? emptyScalar() : this.#node("block");
    this.#scanner.peek();
    return node;
  }

  #readDirectives(): void {
    let hasVersion = false;
    while (this.#is("version-directive", "tag-directive")) {
      const token = this.#scanner.peek();
      if (token.type === "version-directive") {
        if (hasVersion) throw this.#error("found duplicate %YAML directive");
        if (token.value !== "1.1") throw this.#error("found incompatible YAML document");
        hasVersion = true;
      } else {
        if (this.#tagHandles.has(token.value)) throw this.#error("found duplicate %TAG directive");
        this.#tagHandles.set(token.value, token.suffix);
      }
      this.#scanner.take();
    }
    for (const [handle, prefix] of DEFAULT_TAG_HANDLES) {
      if (!this.#tagHandles.has(handle)) this.#tagHandles.set(handle, prefix);
    }
  }

  #node(place: Place): YamlNode {
    const first = this.#scanner.peek();
    if (first.type === "alias") return this.#alias();
    const { anchor, tag } = this.#properties();
    const fullTag = tag === undefined ? "" : this.#fullTag(tag);
    const token = this.#scanner.peek();
    switch (token.type) {
      case "scalar":
        return this.#scalar(anchor, fullTag);
      case "block-entry":
        if (place === "block-or-indentless") return this.#collection(anchor, newSequence(), this.#indentlessSequence);
        break;
      case "flow-sequence-start":
        return this.#collection(anchor, newSequence(), this.#flowSequence);
      case "flow-mapping-start":
        return this.#collection(anchor, newMapping(), this.#flowMapping);
      case "block-sequence-start":
        if (place !== "flow") return this.#collection(anchor, newSequence(), this.#blockSequence);
        break;
      case "block-mapping-start":
        if (place !== "flow") return this.#collection(anchor, newMapping(), this.#blockMapping);
        break;
    }
    if (anchor === undefined && fullTag === "") {
      throw this.#error("did not find expected node content", first.start);
    }
    return this.#anchored(anchor, emptyScalar(fullTag));
  }

  #alias(): YamlNode {
    const { value: anchor } = this.#scanner.take();
    const target = this.#anchors.get(anchor);
    if (target === undefined) {
      throw yamlErrorAt(0, "unknown anchor referenced", `unknown anchor '${anchor}' referenced`);
    }
    return { kind: "alias", anchor, target };
  }

  /** An anchor and a tag, in either order. */
  #properties(): { readonly anchor?: string; readonly tag?: Token } {
    let anchor: string | undefined;
    let tag: Token | undefined;
    if (this.#is("anchor")) anchor = this.#scanner.take().value;
    if (this.#is("tag")) tag = this.#scanner.take();
    if (anchor === undefined && tag !== undefined && this.#is("anchor")) anchor = this.#scanner.take().value;
    return { ...(anchor === undefined ? {} : { anchor }), ...(tag === undefined ? {} : { tag }) };
  }

  #fullTag({ value: handle, suffix, start }: Token): string {
    if (handle === "") return suffix;
    const prefix = this.#tagHandles.get(handle);
    if (prefix === undefined) throw yamlErrorAt(start.line, "found undefined tag handle");
    return prefix + suffix;
  }

  #scalar(anchor: string | undefined, tag: string): YamlNode {
    const { value, isPlain } = this.#scanner.take();
    return this.#anchored(anchor, {
      kind: "scalar",
      value,
      tag,
      isPlain: (tag === "" && isPlain) || tag === "!",
    });
  }

  #anchored<Node extends YamlNode>(anchor: string | undefined, node: Node): Node {
    if (anchor !== undefined) this.#anchors.set(anchor, node);
    return node;
  }

  /** The anchor is known inside the collection already. */
  #collection<Node extends SequenceNode | MappingNode>(
    anchor: string | undefined,
    node: Node,
    fill: (node: Node) => void,
  ): Node {
    this.#anchored(anchor, node);
    fill.call(this, node);
    return node;
  }

  #blockSequence({ items }: SequenceNode): void {
    const { start } = this.#scanner.take();
    while (this.#is("block-entry")) {
      this.#scanner.take();
      items.push(this.#is("block-entry", "block-end") ? emptyScalar() : this.#node("block"));
    }
    if (!this.#is("block-end")) throw this.#error("did not find expected '-' indicator", start);
    this.#scanner.take();
  }

  #indentlessSequence({ items }: SequenceNode): void {
    while (this.#is("block-entry")) {
      this.#scanner.take();
      items.push(this.#is("block-entry", "key", "value", "block-end") ? emptyScalar() : this.#node("block"));
    }
  }

  #blockMapping({ pairs }: MappingNode): void {
    const { start } = this.#scanner.take();
    while (this.#is("key")) {
      this.#scanner.take();
      const key = this.#is("key", "value", "block-end") ? emptyScalar() : this.#node("block-or-indentless");
      let value: YamlNode = emptyScalar();
      if (this.#is("value")) {
        this.#scanner.take();
        if (!this.#is("key", "value", "block-end")) value = this.#node("block-or-indentless");
      }
      pairs.push([key, value]);
    }
    if (!this.#is("block-end")) throw this.#error("did not find expected key", start);
    this.#scanner.take();
  }

  #flowSequence({ items }: SequenceNode): void {
    const { start } = this.#scanner.take();
    for (let isFirst = true; !this.#is("flow-sequence-end"); isFirst = false) {
      if (!isFirst) {
        if (!this.#is("flow-entry")) throw this.#error("did not find expected ',' or ']'", start);
        this.#scanner.take();
      }
      if (this.#is("key")) items.push(this.#singlePair());
      else if (!this.#is("flow-sequence-end")) items.push(this.#node("flow"));
    }
    this.#scanner.take();
  }

  /** `[key: value]`: a mapping of one pair inside a flow sequence. */
  #singlePair(): MappingNode {
    this.#scanner.take();
    let key: YamlNode = emptyScalar();
    // The token in place of a missing key is lost, as in Go: `[? : x]` is an error there.
    if (this.#is("value", "flow-entry", "flow-sequence-end")) this.#scanner.take();
    else key = this.#node("flow");
    let value: YamlNode = emptyScalar();
    if (this.#is("value")) {
      this.#scanner.take();
      if (!this.#is("flow-entry", "flow-sequence-end")) value = this.#node("flow");
    }
    return { kind: "mapping", pairs: [[key, value]] };
  }

  #flowMapping({ pairs }: MappingNode): void {
    const { start } = this.#scanner.take();
    for (let isFirst = true; !this.#is("flow-mapping-end"); isFirst = false) {
      if (!isFirst) {
        if (!this.#is("flow-entry")) throw this.#error("did not find expected ',' or '}'", start);
        this.#scanner.take();
      }
      if (this.#is("key")) pairs.push(this.#flowPair());
      else if (!this.#is("flow-mapping-end")) pairs.push([this.#node("flow"), emptyScalar()]);
    }
    this.#scanner.take();
  }

  #flowPair(): readonly [YamlNode, YamlNode] {
    this.#scanner.take();
    const key = this.#is("value", "flow-entry", "flow-mapping-end") ? emptyScalar() : this.#node("flow");
    if (!this.#is("value")) return [key, emptyScalar()];
    this.#scanner.take();
    return [key, this.#is("flow-entry", "flow-mapping-end") ? emptyScalar() : this.#node("flow")];
  }

  #is(...types: readonly TokenType[]): boolean {
    return types.includes(this.#scanner.peek().type);
  }

  /** At the next token; on the first line, Go names that of the surrounding construct. */
  #error(problem: string, context?: Mark) {
    return yamlErrorAt(this.#scanner.peek().start.line || (context?.line ?? 0), problem);
  }
}

function emptyScalar(tag = ""): ScalarNode {
  return { kind: "scalar", value: "", tag, isPlain: tag === "" };
}

const newSequence = (): SequenceNode => ({ kind: "sequence", items: [] });
const newMapping = (): MappingNode => ({ kind: "mapping", pairs: [] });
