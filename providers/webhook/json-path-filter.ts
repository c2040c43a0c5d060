/** The conditions of JSONPath filters: `@.a == 'b' && @.c > 1 || @.d`. */
import { JsonPathError } from "./json-path-error.ts";
import { type Json, RawNumber } from "./json-text.ts";

type Scalar = string | number | boolean | null;

const COMPARISON = /^(.+?)\s*(==|!=|<=|>=|<|>)\s*(.+)$/s;

/**
 * Whether the condition holds; `lookUp` gives what stands at a path below the tested value (`.a`).
 * @throws JsonPathError where it is no condition
 */
export function matchesFilter(condition: string, lookUp: (path: string) => Json | undefined): boolean {
  const alternatives = split(condition, "||").map((part) =>
    split(part, "&&").map((term) => holds(term.trim(), lookUp)),
  );
  return alternatives.some((terms) => terms.every(Boolean));
}

function holds(term: string, lookUp: (path: string) => Json | undefined): boolean {
  if (term.startsWith("!")) return !holds(term.slice(1).trim(), lookUp);
  const comparison = isQuoted(term) ? null : COMPARISON.exec(term);
  if (comparison === null) {
    const value = operand(term, lookUp);
    return value !== undefined && value !== false;
  }
  const [, left = "", operator = "", right = ""] = comparison;
  return compare(operand(left.trim(), lookUp), operator, operand(right.trim(), lookUp));
}

function compare(left: Scalar | undefined, operator: string, right: Scalar | undefined): boolean {
  if (operator === "==") return left === right;
  if (operator === "!=") return left !== right;
  const isOrdered =
    (typeof left === "number" && typeof right === "number") || (typeof left === "string" && typeof right === "string");
  if (!isOrdered || left === undefined || right === undefined || left === null || right === null) return false;
  if (operator === "<") return left < right;
  if (operator === ">") return left > right;
  return operator === "<=" ? left <= right : left >= right;
}

function operand(text: string, lookUp: (path: string) => Json | undefined): Scalar | undefined {
  if (text.startsWith("@")) return scalarOf(lookUp(text.slice(1)));
  if (isQuoted(text)) return text.slice(1, -1).replace(/\\(.)/g, "$1");
  if (text === "true" || text === "false") return text === "true";
  if (text === "null") return null;
  if (/^-?\d+(?:\.\d+)?$/.test(text)) return Number(text);
  throw new JsonPathError("a filter compares something that is neither @, a text, a number, true, false nor null");
}

/** Objects and arrays are there, and equal to nothing. */
function scalarOf(value: Json | undefined): Scalar | undefined {
  if (value instanceof RawNumber) return Number(value.text);
  return typeof value === "object" && value !== null ? true : value;
}

function isQuoted(text: string): boolean {
  return /^(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")$/s.test(text);
}

/** At the operator, but for those inside of quotes. */
function split(text: string, operator: "||" | "&&"): readonly string[] {
  const parts = [""];
  for (const piece of text.match(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\|\||&&|[\s\S]/g) ?? []) {
    if (piece === operator) parts.push("");
    else parts.push(`${parts.pop() ?? ""}${piece}`);
  }
  return parts;
}
