/** Writes values as YAML in block style, as Go's library lays it out. */
import { formatFloat } from "../template/fmt/format-float.ts";
import type { JsonValue } from "./json-value.ts";
import { compareKeys } from "./key-order.ts";
import { LineWriter } from "./line-writer.ts";
import { isMultiline, type ScalarStyle, styleOf } from "./scalar-style.ts";
import { INDENT_STEP, writeScalar } from "./write-scalar.ts";

/** A longer key is written with `?`, in bytes. */
const MAX_SIMPLE_KEY_BYTES = 128;

/** A document that ends with a line feed. */
export function emitYaml(value: JsonValue): string {
  const writer = new LineWriter();
  writeNode(writer, value, { indent: -INDENT_STEP, isMappingValue: false, isKey: false });
  writer.indent(0);
  return writer.text;
}

interface Place {
  /** Of the surrounding collection; negative outside of any. */
  readonly indent: number;
  readonly isMappingValue: boolean;
  readonly isKey: boolean;
}

function writeNode(writer: LineWriter, value: JsonValue, place: Place): void {
  if (Array.isArray(value)) writeSequence(writer, value, place);
  else if (value instanceof Map) writeMapping(writer, value, place.indent + INDENT_STEP);
  else if (typeof value === "string") writeText(writer, styleOf(value, place.isKey), value, place);
  else writeText(writer, "plain", plainText(value), place);
}

function writeText(writer: LineWriter, style: ScalarStyle, text: string, { indent, isKey }: Place): void {
  writeScalar(writer, style, text, { indent: Math.max(indent, 0) + INDENT_STEP, mayBreak: !isKey });
}

/** A sequence that is the value of a key stands at the indentation of the key. */
function writeSequence(writer: LineWriter, items: readonly JsonValue[], { indent, isMappingValue }: Place): void {
  if (items.length === 0) {
    writer.indicator("[]");
    return;
  }
  const inner = isMappingValue && !writer.isInIndentation ? indent : indent + INDENT_STEP;
  for (const item of items) {
    writer.indent(inner);
    writer.indicator("-", true);
    writeNode(writer, item, { indent: inner, isMappingValue: false, isKey: false });
  }
}

function writeMapping(writer: LineWriter, map: ReadonlyMap<string, JsonValue>, indent: number): void {
  if (map.size === 0) writer.indicator("{}");
  for (const key of [...map.keys()].sort(compareKeys)) {
    writer.indent(indent);
    const isSimple = !isMultiline(key) && Buffer.byteLength(key) <= MAX_SIMPLE_KEY_BYTES;
    if (!isSimple) writer.indicator("?", true);
    writeNode(writer, key, { indent, isMappingValue: true, isKey: isSimple });
    if (isSimple) writer.endScalar(":");
    else {
      writer.indent(indent);
      writer.indicator(":", true);
    }
    writeNode(writer, map.get(key) ?? null, { indent, isMappingValue: true, isKey: false });
  }
}

function plainText(value: null | boolean | bigint | number): string {
  return typeof value === "number" ? formatFloat(value, "g", -1, 64) : String(value);
}
