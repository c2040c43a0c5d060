/** JSON as Go's encoding/json writes it: keys sorted by bytes, bytes that are no UTF-8 as `\ufffd`. */
import { typeName } from "../../fmt/index.ts";
import { decodeRune, RUNE_ERROR } from "../../fmt/utf8.ts";
import {
  type CallContext,
  GoError,
  GoMap,
  GoNumber,
  GoSlice,
  GoStruct,
  type GoValue,
  nilItems,
} from "../../go-value.ts";
import { isNil } from "../define.ts";
import { deeper } from "../nesting.ts";

/** How to write. */
export interface EncodeOptions {
  /** Whether `<`, `>` and `&` are escaped. */
  readonly escapesHtml: boolean;
  /** Two spaces a level, each item on a line of its own. */
  readonly isIndented?: boolean;
}

/**
 * Writes a value.
 * @throws GoError for NaN, infinities and functions
 * @throws TemplateLimitExceeded for too much nesting
 */
export function encodeJson(value: GoValue, options: EncodeOptions, context: CallContext): string {
  return new Encoder(options, context).write(value, "\n", 0);
}

class Encoder {
  readonly #options: EncodeOptions;
  readonly #context: CallContext;

  constructor(options: EncodeOptions, context: CallContext) {
    this.#options = options;
    this.#context = context;
  }

  /** `lineStart` is a line feed and the current indentation. */
  write(value: GoValue, lineStart: string, depth: number): string {
    this.#context.spend(1);
    if (isNil(value)) return "null";
    if (typeof value === "string") return this.#text(value);
    if (typeof value === "number") return encodeFloat(value);
    if (typeof value === "boolean" || typeof value === "bigint") return String(value);
    if (value instanceof GoSlice) return this.#slice(value, lineStart, deeper(depth));
    if (value instanceof GoMap) return this.#map(value, lineStart, deeper(depth));
    if (value instanceof GoStruct) return this.#struct(value, lineStart, deeper(depth));
    if (value instanceof GoNumber) return this.#number(value);
    throw new GoError(`json: unsupported type: ${typeName(value)}`);
  }

  #text(text: string): string {
    this.#context.spend(text.length);
    return encodeText(text, this.#options.escapesHtml);
  }

  #number(number: GoNumber): string {
    if (typeof number.value === "bigint") return String(number.value);
    return encodeFloat(number.value, 32);
  }

  #slice(slice: GoSlice, lineStart: string, depth: number): string {
    if (slice.items instanceof Uint8Array) return `"${Buffer.from(slice.items).toString("base64")}"`;
    if (slice.items === nilItems) return "null";
    const inner = `${lineStart}  `;
    const parts = slice.items.map((item) => this.write(item, inner, depth));
    return this.#group("[", parts, "]", lineStart);
  }

  #map(map: GoMap, lineStart: string, depth: number): string {
    const keys = [...map.entries.keys()].sort();
    return this.#entries(
      keys.map((key) => [key, map.entries.get(key)]),
      lineStart,
      depth,
    );
  }

  /** By its own `MarshalJSON`, or its exported fields in their order. */
  #struct(struct: GoStruct, lineStart: string, depth: number): string {
    const marshal = Object.hasOwn(struct.methods, "MarshalJSON") ? struct.methods.MarshalJSON : undefined;
    if (marshal !== undefined) return asText(marshal.call([], this.#context));
    return this.#entries(
      [...struct.fields].filter(([name]) => /^[A-Z]/.test(name)),
      lineStart,
      depth,
    );
  }

  #entries(entries: readonly (readonly [string, GoValue])[], lineStart: string, depth: number): string {
    const colon = this.#options.isIndented === true ? ": " : ":";
    const inner = `${lineStart}  `;
    const parts = entries.map(([key, value]) => this.#text(key) + colon + this.write(value, inner, depth));
    return this.#group("{", parts, "}", lineStart);
  }

  #group(open: string, parts: readonly string[], close: string, lineStart: string): string {
    if (parts.length === 0 || this.#options.isIndented !== true) return open + parts.join(",") + close;
    this.#context.spend(parts.length * lineStart.length);
    return `${open}${lineStart}  ${parts.join(`,${lineStart}  `)}${lineStart}${close}`;
  }
}

function asText(bytes: GoValue): string {
  return bytes instanceof GoSlice && bytes.items instanceof Uint8Array
    ? Buffer.from(bytes.items).toString("latin1")
    : "";
}

function encodeFloat(value: number, bits: 32 | 64 = 64): string {
  if (!Number.isFinite(value)) {
    throw new GoError(`json: unsupported value: ${Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf"}`);
  }
  if (Object.is(value, -0)) return "-0";
  return bits === 64 ? String(value) : shortestFloat32(value);
}

/** The fewest digits that read back as this float of 32 bits. */
function shortestFloat32(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(value);
}

/** A Go string as a JSON string. */
export function encodeText(text: string, escapesHtml: boolean): string {
  const plain = escapesHtml ? PLAIN_HTML : PLAIN;
  if (plain.test(text)) return `"${text}"`;
  let output = '"';
  for (let at = 0; at < text.length; ) {
    const decoded = decodeRune(text, at);
    const size = decoded & 7;
    output += escaped(decoded >>> 3, size, escapesHtml) ?? text.slice(at, at + size);
    at += size;
  }
  return `${output}"`;
}

/** Printable ASCII that needs no escape. */
const PLAIN = /^[ !\x23-\x5b\x5d-\x7f]*$/;
const PLAIN_HTML = /^[ !\x23-%'-;=\x3f-\x5b\x5d-\x7f]*$/;

const SHORT_ESCAPES: ReadonlyMap<number, string> = new Map([
  [0x22, '\\"'],
  [0x5c, "\\\\"],
  [8, "\\b"],
  [9, "\\t"],
  [10, "\\n"],
  [12, "\\f"],
  [13, "\\r"],
]);

function escaped(rune: number, size: number, escapesHtml: boolean): string | undefined {
  const short = SHORT_ESCAPES.get(rune);
  if (short !== undefined) return short;
  const isHtml = rune === 0x3c || rune === 0x3e || rune === 0x26;
  const needsEscape =
    rune < 0x20 || (isHtml && escapesHtml) || rune === 0x2028 || rune === 0x2029 || (rune === RUNE_ERROR && size === 1);
  return needsEscape ? `\\u${rune.toString(16).padStart(4, "0")}` : undefined;
}
