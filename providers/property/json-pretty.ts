/** The `@pretty` and `@ugly` modifiers of gjson. */
import type { ByteText } from "./byte-text.ts";
import { parseNumber } from "./json-number.ts";
import { elementsOf, endOfString, isContainer, type JsonValue, membersOf, parseText } from "./json-scan.ts";
import { unquote } from "./json-string.ts";
import { textOf } from "./json-value.ts";

interface Layout {
  /** Columns that an array on a single line may reach. */
  readonly width: number;
  /** Before each line. */
  readonly prefix: string;
  readonly indent: string;
  readonly sortKeys: boolean;
}

/** Takes the blanks outside of strings away. */
export function uglyJson(text: ByteText): ByteText {
  let out = "";
  for (let i = 0; i < text.length; i++) {
    const end = text[i] === '"' ? endOfString(text, i) : i + 1;
    if (text.charCodeAt(i) > 0x20) out += text.slice(i, end);
    i = end - 1;
  }
  return out;
}

/** One member or element a line, ended by a line feed; arrays without objects in them on one line where they fit. */
export function prettyJson(text: ByteText, argument: ByteText): ByteText {
  const layout = layoutOf(argument);
  const value = parseText(text);
  const out = layout.prefix + (value === undefined ? "" : pretty(value, layout, 0, layout.prefix.length));
  return out === "" ? "" : `${out}\n`;
}

function layoutOf(argument: ByteText): Layout {
  const layout = { width: 80, prefix: "", indent: "  ", sortKeys: false };
  const options = parseText(argument);
  if (options?.kind !== "object") return layout;
  for (const { key, value } of membersOf(options.raw)) {
    const text = textOf(value);
    if (unquote(key) === "sortKeys") layout.sortKeys = /^(?:1|t|true)$/i.test(text);
    if (unquote(key) === "indent") layout.indent = blanksOf(text);
    if (unquote(key) === "prefix") layout.prefix = blanksOf(text);
    if (unquote(key) === "width") layout.width = Math.trunc(parseNumber(text));
  }
  return layout;
}

function blanksOf(text: ByteText): ByteText {
  return text.replace(/[^ \t\r\n]/g, "");
}

/** `column`: how much of the line is taken where the value begins. */
function pretty(value: JsonValue, layout: Layout, depth: number, column: number): ByteText {
  if (!isContainer(value)) return value.raw;
  if (value.kind === "array") {
    const room = layout.width - column;
    const line = layout.width > 0 && room > 3 ? singleLine(value) : undefined;
    if (line !== undefined && line.length <= room) return line;
  }
  const [open, close] = value.kind === "object" ? ["{", "}"] : ["[", "]"];
  const lineStart = layout.prefix + layout.indent.repeat(depth + 1);
  const lines =
    value.kind === "object"
      ? prettyMembers(value, layout, depth, lineStart)
      : prettyElements(value, layout, depth, lineStart);
  if (lines.length === 0) return `${open}${close}`;
  return `${open}\n${lines.join(",\n")}\n${layout.prefix}${layout.indent.repeat(depth)}${close}`;
}

function prettyMembers(value: JsonValue, layout: Layout, depth: number, lineStart: string): ByteText[] {
  const members = Array.from(membersOf(value.raw));
  if (layout.sortKeys) members.sort((left, right) => compare(unquote(left.key), unquote(right.key)));
  // The line feed before a member counts as a column, as in the original.
  return members.map(({ key, value: member }) => {
    const head = `${lineStart}${key}: `;
    return head + pretty(member, layout, depth + 1, head.length + 1);
  });
}

function prettyElements(value: JsonValue, layout: Layout, depth: number, lineStart: string): ByteText[] {
  return Array.from(elementsOf(value.raw), (element, index) => {
    // …but not from the second element of an array on.
    const column = lineStart.length + (index === 0 ? 1 : 0);
    return lineStart + pretty(element, layout, depth + 1, column);
  });
}

/** Undefined where an object stands anywhere in the array. */
function singleLine(array: JsonValue): ByteText | undefined {
  const parts: ByteText[] = [];
  for (const element of elementsOf(array.raw)) {
    if (element.kind === "object") return undefined;
    const part = element.kind === "array" ? singleLine(element) : element.raw;
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return `[${parts.join(", ")}]`;
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
