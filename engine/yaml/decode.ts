/** Gives the nodes of a document their values: types of scalars, aliases, merge keys. */
import type { MappingNode, ScalarNode, YamlNode } from "./nodes.ts";
import { parseDocument } from "./parse.ts";
import { type Resolved, resolvePlain } from "./resolve.ts";
import { type YamlError, yamlErrorAt } from "./yaml-error.ts";

/** A key of a mapping: whatever is no collection. */
export type YamlKey = null | boolean | bigint | number | string;

/** `bigint` is an integer of 64 bits, `number` a float; strings are texts (UTF-16). Keys that are equal and of one type are one. */
export type YamlValue = YamlKey | YamlValue[] | Map<YamlKey, YamlValue>;

/**
 * The value of the first document; null where there is none.
 * @param stream a Go string
 * @throws YamlError in Go's words
 */
export function decodeYaml(stream: string): YamlValue {
  const node = parseDocument(stream);
  return node === undefined ? null : new Decoder().decode(node);
}

const LONG_PREFIX = "tag:yaml.org,2002:";
const RESOLVED_TAGS = ["str", "bool", "int", "float", "null", "timestamp"];

/** Limits of a document with its aliases written out: nesting, and number of nodes. */
const MAX_DEPTH = 1000;
const MAX_NODES = 1_000_000;

class Decoder {
  readonly #open = new Set<YamlNode>();
  #decoded = 0;
  #decodedInAliases = 0;
  #aliasDepth = 0;
  #depth = 0;

  decode(node: YamlNode): YamlValue {
    if (++this.#depth > MAX_DEPTH) throw yamlErrorAt(0, `exceeded max depth of ${MAX_DEPTH}`);
    const value = this.#value(node);
    this.#depth--;
    return value;
  }

  #value(node: YamlNode): YamlValue {
    this.#count();
    switch (node.kind) {
      case "scalar":
        return scalarValue(node);
      case "sequence":
        return node.items.map((item) => this.decode(item));
      case "mapping": {
        const map = new Map<YamlKey, YamlValue>();
        this.#fill(map, node);
        return map;
      }
      case "alias":
        return this.#throughAlias(node, node.anchor, () => this.decode(node.target));
    }
  }

  #throughAlias<Result>(node: YamlNode, anchor: string, decode: () => Result): Result {
    if (this.#open.has(node)) {
      throw yamlErrorAt(0, "an anchor's value contains itself", `anchor '${anchor}' value contains itself`);
    }
    this.#open.add(node);
    this.#aliasDepth++;
    const result = decode();
    this.#aliasDepth--;
    this.#open.delete(node);
    return result;
  }

  #fill(map: Map<YamlKey, YamlValue>, { pairs }: MappingNode): void {
    for (const [keyNode, valueNode] of pairs) {
      if (isMergeKey(keyNode)) {
        this.#merge(map, valueNode);
        continue;
      }
      const key = this.decode(keyNode);
      if (Array.isArray(key) || key instanceof Map) throw yamlErrorAt(0, "invalid map key");
      map.set(key, this.decode(valueNode));
    }
  }

  /** `<<`: of several mappings the first one wins; what stood before `<<` is overwritten, as in Go. */
  #merge(map: Map<YamlKey, YamlValue>, node: YamlNode): void {
    if (node.kind === "sequence") {
      for (const item of node.items.toReversed()) this.#mergeOne(map, item);
    } else this.#mergeOne(map, node);
  }

  #mergeOne(map: Map<YamlKey, YamlValue>, node: YamlNode): void {
    const target = node.kind === "alias" ? node.target : node;
    if (target.kind !== "mapping") throw yamlErrorAt(0, "map merge requires map or sequence of maps as the value");
    this.#count();
    if (node.kind !== "alias") this.#fill(map, target);
    else {
      this.#throughAlias(node, node.anchor, () => {
        this.#count();
        this.#fill(map, target);
      });
    }
  }

  /** Refuses documents that grow out of proportion by aliases, by Go's own measure, and those that grow too far. */
  #count(): void {
    if (++this.#decoded > MAX_NODES) throw yamlErrorAt(0, `document has more than ${MAX_NODES} nodes`);
    if (this.#aliasDepth > 0) this.#decodedInAliases++;
    if (this.#decodedInAliases <= 100 || this.#decoded <= 1000) return;
    if (this.#decodedInAliases / this.#decoded > permittedAliasShare(this.#decoded)) {
      throw yamlErrorAt(0, "document contains excessive aliasing");
    }
  }
}

const FEW = 400_000;
const MANY = 4_000_000;

function permittedAliasShare(decoded: number): number {
  if (decoded <= FEW) return 0.99;
  return decoded >= MANY ? 0.1 : 0.99 - (0.89 * (decoded - FEW)) / (MANY - FEW);
}

function isMergeKey(node: YamlNode): boolean {
  return node.kind === "scalar" && node.value === "<<" && (node.isPlain || node.tag === `${LONG_PREFIX}merge`);
}

function scalarValue({ value, tag, isPlain }: ScalarNode): YamlKey {
  if (tag === "" && !isPlain) return value;
  const short = tag.startsWith(LONG_PREFIX) ? tag.slice(LONG_PREFIX.length) : tag;
  if (tag === `${LONG_PREFIX}binary`) return binaryValue(value);
  if (tag !== "" && !(tag.startsWith(LONG_PREFIX) && RESOLVED_TAGS.includes(short))) return value;
  if (short === "str") return value;
  const plain = resolvePlain(value);
  const resolved: Resolved = plain.type === "timestamp" && short !== "timestamp" ? { type: "str" } : plain;
  if (short === "float" && resolved.type === "int" && resolved.value < 1n << 63n) return Number(resolved.value);
  if (short !== "" && short !== resolved.type) throw mistagged(resolved, value, short);
  return resolved.type === "bool" || resolved.type === "int" || resolved.type === "float"
    ? resolved.value
    : resolved.type === "null"
      ? null
      : value;
}

function mistagged({ type }: Resolved, value: string, tag: string): YamlError {
  return yamlErrorAt(0, `cannot decode !!${type} as a !!${tag}`, `cannot decode !!${type} \`${value}\` as a !!${tag}`);
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The bytes, taken for UTF-8. */
function binaryValue(value: string): string {
  const base64 = value.replaceAll(/[\r\n]/g, "");
  if (!BASE64.test(base64)) throw yamlErrorAt(0, "!!binary value contains invalid base64 data");
  return Buffer.from(base64, "base64").toString("utf8");
}
