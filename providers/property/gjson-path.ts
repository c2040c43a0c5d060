/** Splits the first component off a gjson path. */
import type { ByteText } from "./byte-text.ts";
import { isModifier } from "./gjson-modifiers.ts";
import { parseQuery, type Query, unquoteQueryValue } from "./gjson-query.ts";
import { endOfBrackets, endOfString } from "./json-scan.ts";

/** What follows a component: nothing, a further component, or a pipe. */
export interface Remainder {
  /** After a dot: goes on inside the matched value. */
  readonly rest?: ByteText;
  /** After `|` (or a dot before a modifier or multipath): goes on with the result. */
  readonly pipe?: ByteText;
}

export interface ObjectPart extends Remainder {
  readonly key: ByteText;
  readonly isWild: boolean;
}

/** A component for an object: backslashes taken away, wildcards noticed. */
export function parseObjectPart(path: ByteText): ObjectPart {
  let key = "";
  let isWild = false;
  for (let i = 0; i < path.length; i++) {
    const char = path[i] ?? "";
    if (char === "\\") {
      i++;
      key += path[i] ?? "";
    } else if (char === "." || char === "|") {
      return { key, isWild, ...remainder(path, i, true) };
    } else {
      if (char === "*" || char === "?") isWild = true;
      key += char;
    }
  }
  return { key, isWild };
}

export type ArrayPart = Remainder &
  (
    | { readonly select: "index"; readonly index: number }
    /** `#`: how many elements. */
    | { readonly select: "count" }
    /** `#.path`: the path in each element. */
    | { readonly select: "each"; readonly each: ByteText }
    | { readonly select: "query"; readonly query: Query }
    | { readonly select: "nothing" }
  );

/** A component for an array; it knows no escapes. */
export function parseArrayPart(path: ByteText): ArrayPart {
  if (path.startsWith("#(") || path.startsWith("#[")) return parseQueryPart(path);
  const end = path.search(/[.|]/);
  const part = end < 0 ? path : path.slice(0, end);
  const hasHash = part.includes("#");
  const after = end < 0 ? {} : remainder(path, end, !hasHash);
  if (part === "#")
    return after.rest === undefined ? { select: "count", ...after } : { select: "each", each: after.rest };
  if (hasHash || !/^\d+$/.test(part)) return { select: "nothing", ...after };
  return { select: "index", index: Number(part), ...after };
}

function parseQueryPart(path: ByteText): ArrayPart {
  const parsed = parseQuery(path);
  if (parsed === undefined) {
    // gjson goes on with an empty query, which the first scalar satisfies.
    return { select: "query", query: { path: "", operator: "", value: "", isAll: false } };
  }
  const query = {
    path: parsed.path,
    operator: parsed.operator,
    value: unquoteQueryValue(parsed.value, parsed.hasEscapes),
    isAll: path[parsed.end] === "#",
  };
  const length = path.slice(parsed.end).search(/[.|]/);
  return { select: "query", query, ...(length < 0 ? {} : remainder(path, parsed.end + length, false)) };
}

/** What stands after the separator at `at`. `dotMayPipe`: a dot before `@modifier`, `[` or `{` is as good as a pipe. */
function remainder(path: ByteText, at: number, dotMayPipe: boolean): Remainder {
  const after = path.slice(at + 1);
  if (path[at] === "|" || (dotMayPipe && startsNewExpression(after))) return { pipe: after };
  return { rest: after };
}

function startsNewExpression(path: ByteText): boolean {
  if (path.startsWith("@")) return isModifier(/^[^.|:]*/.exec(path.slice(1))?.[0] ?? "");
  return path.startsWith("[") || path.startsWith("{");
}

/**
 * Splits at the first pipe that belongs to the path itself and not to a query or an escape in it; undefined where there is
 * none.
 */
export function splitAtPipe(path: ByteText): { readonly left: ByteText; readonly right: ByteText } | undefined {
  if (path.startsWith("{")) return splitAfterBraces(path);
  for (let i = 0; i < path.length; i++) {
    if (path[i] === "\\") i++;
    else if (path[i] === "|") return { left: path.slice(0, i), right: path.slice(i + 1) };
    else if (path[i] === "." && (path.startsWith("#(", i + 1) || path.startsWith("#[", i + 1))) {
      const query = parseQuery(path.slice(i + 1));
      if (query === undefined) return undefined;
      i += query.end;
    }
  }
  return undefined;
}

/** The original takes the character after the brace for the opening one, and a quoted name for the whole; kept so. */
function splitAfterBraces(path: ByteText) {
  const end = path[1] === '"' ? endOfString(path, 1) : endOfBrackets(path, 1);
  return path[end] === "|" ? { left: path.slice(0, end), right: path.slice(end + 1) } : undefined;
}
