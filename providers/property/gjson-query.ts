/** Queries of gjson: `#(path operator value)` for the first element that matches, `#(…)#` for all. */
import type { ByteText } from "./byte-text.ts";
import { parseNumber } from "./json-number.ts";
import type { JsonValue } from "./json-scan.ts";
import { unescapeText, unquote } from "./json-string.ts";
import { matchesWildcard } from "./wildcard.ts";

export interface Query {
  /** In each element; empty for the element itself. */
  readonly path: ByteText;
  /** One of `= != < <= > >= % !%`, or empty where only existence counts. */
  readonly operator: string;
  readonly value: ByteText;
  readonly isAll: boolean;
}

interface ParsedQuery {
  readonly path: ByteText;
  readonly operator: string;
  readonly value: ByteText;
  readonly hasEscapes: boolean;
  /** Index after the closing bracket. */
  readonly end: number;
}

/** Parses a text that begins with `#(` or `#[`; undefined where the bracket never closes. */
export function parseQuery(text: ByteText): ParsedQuery | undefined {
  let depth = 1;
  let operatorAt = 0;
  let hasEscapes = false;
  for (let i = 2; i < text.length; i++) {
    const char = text[i] ?? "";
    if (depth === 1 && operatorAt === 0 && "!=<>%".includes(char)) operatorAt = i;
    else if (char === "\\") i++;
    else if (char === "[" || char === "(") depth++;
    else if (char === "]" || char === ")") {
      depth--;
      if (depth === 0) return { ...splitQuery(text, operatorAt, i), hasEscapes, end: i + 1 };
    } else if (char === '"') {
      const end = endOfQuoted(text, i);
      hasEscapes ||= text.slice(i, end).includes("\\");
      i = end;
    }
  }
  return undefined;
}

/** Index of the closing quote, or of the text's end. */
function endOfQuoted(text: ByteText, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === '"') return i;
  }
  return text.length;
}

function splitQuery(text: ByteText, operatorAt: number, end: number) {
  if (operatorAt === 0) return { path: trim(text.slice(2, end)), operator: "", value: "" };
  const comparison = trim(text.slice(operatorAt, end));
  const found = /^(?:!=|!%|<=|>=|==|<|>|=|%|!$)/.exec(comparison)?.[0] ?? "";
  return {
    path: trim(text.slice(2, operatorAt)),
    operator: found === "==" ? "=" : found,
    value: trim(comparison.slice(found.length)),
  };
}

/** Cuts off all characters up to the blank (0x20) at both ends. */
export function trim(text: ByteText): ByteText {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) <= 0x20) start++;
  while (end > start && text.charCodeAt(end - 1) <= 0x20) end--;
  return text.slice(start, end);
}

/** A quoted value without its quotes; anything else as it is. */
export function unquoteQueryValue(value: ByteText, hasEscapes: boolean): ByteText {
  if (value.length < 2 || !value.startsWith('"') || !value.endsWith('"')) return value;
  const inside = value.slice(1, -1);
  return hasEscapes ? unescapeText(inside) : inside;
}

/** Whether what the query's path found in an element satisfies the query. */
export function satisfies(query: Query, found: JsonValue | undefined): boolean {
  if (query.value.startsWith("~")) {
    const answer = truthOf(query.value.slice(1), found);
    if (answer === undefined) return false;
    return query.operator === "" || compareBoolean(query.operator, answer, "true");
  }
  if (found === undefined) return false;
  if (query.operator === "") return true;
  switch (found.kind) {
    case "string":
      return compareText(query.operator, unquote(found.raw), query.value);
    case "number":
      return compareOrdered(query.operator, parseNumber(found.raw), parseNumber(query.value));
    case "true":
    case "false":
      return compareBoolean(query.operator, found.kind === "true", query.value);
    default:
      return false;
  }
}

function truthOf(name: string, value: JsonValue | undefined): boolean | undefined {
  switch (name) {
    case "*":
      return value !== undefined;
    case "null":
      return value === undefined || value.kind === "null";
    case "true":
      return isTrueish(value);
    case "false":
      return isFalseish(value);
    default:
      return undefined;
  }
}

function isTrueish(value: JsonValue | undefined): boolean {
  if (value?.kind === "string") return /^(?:1|t|true)$/i.test(unquote(value.raw));
  if (value?.kind === "number") return parseNumber(value.raw) !== 0;
  return value?.kind === "true";
}

function isFalseish(value: JsonValue | undefined): boolean {
  if (value?.kind === "string") return /^(?:0|f|false)$/i.test(unquote(value.raw));
  if (value?.kind === "number") return parseNumber(value.raw) === 0;
  return value === undefined || value.kind === "null" || value.kind === "false";
}

function compareText(operator: string, left: ByteText, right: ByteText): boolean {
  if (operator === "%") return matchesWildcard(left, right);
  if (operator === "!%") return !matchesWildcard(left, right);
  return compareOrdered(operator, left, right);
}

function compareOrdered<T extends string | number>(operator: string, left: T, right: T): boolean {
  switch (operator) {
    case "=":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
    default:
      return false;
  }
}

/** `false` is less than `true`; `>=` of true and `<=` of false hold whatever stands on the right, as in gjson. */
function compareBoolean(operator: string, left: boolean, right: ByteText): boolean {
  switch (operator) {
    case "=":
      return right === String(left);
    case "!=":
      return right !== String(left);
    case ">":
      return left && right === "false";
    case ">=":
      return left;
    case "<":
      return !left && right === "true";
    case "<=":
      return !left;
    default:
      return false;
  }
}
