/** What an editor shows of a field of the components' arguments: effect, default and range. */
import type { SchemaNode } from "./spec-args.ts";

const MAX_LINE_LENGTH = 112;

/** The docstring of a field, indented by two spaces. */
export function docstring(node: SchemaNode, isNeeded: boolean): string {
  const text = [String(node.description ?? ""), defaultOf(node, isNeeded), rangeOf(node)].filter((part) => part !== "");
  const lines = wrapped(text.join(" ").replaceAll("*/", "*\\/"));
  if (lines.length === 1) return `  /** ${lines[0]} */`;
  return ["  /**", ...lines.map((line) => `   * ${line}`), "   */"].join("\n");
}

/** Descriptions that are more precise than the schema say their default themselves. */
function defaultOf(node: SchemaNode, isNeeded: boolean): string {
  if (isNeeded || /\b[Dd]efault/.test(String(node.description ?? ""))) return "";
  const value = node.default;
  if (value === undefined || value === "") return "Default: not set.";
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).map(([field, of]) => `${field} ${String(of)}`);
    return `Default: ${fields.join(", ") || "empty"}.`;
  }
  return `Default: ${String(value)}.`;
}

function rangeOf(node: SchemaNode): string {
  const parts: string[] = [];
  const { minimum, maximum, maxItems, minItems, maxLength, pattern, items } = node;
  if (typeof minimum === "number" && minimum > Number.MIN_SAFE_INTEGER) parts.push(`at least ${minimum}`);
  if (typeof maximum === "number" && maximum < Number.MAX_SAFE_INTEGER) parts.push(`at most ${maximum}`);
  if (typeof minItems === "number") parts.push(`at least ${minItems} of them`);
  if (typeof maxItems === "number") parts.push(`at most ${maxItems} of them`);
  if (typeof maxLength === "number") parts.push(`up to ${maxLength} characters`);
  if (typeof pattern === "string") parts.push(`matching \`${pattern}\``);
  if (node.format === "byte") parts.push("in Base64");
  const each = typeof items === "object" && items !== null ? rangeOf({ ...items }) : "";
  return `${parts.length === 0 ? "" : `Range: ${parts.join(", ")}.`}${each === "" ? "" : ` Each: ${each}`}`.trim();
}

function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 1 > MAX_LINE_LENGTH) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
