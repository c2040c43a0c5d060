/**
 * The gjson path language (tidwall/gjson v1.18.0), in which `remoteRef.property` is written:
 * https://github.com/tidwall/gjson/blob/v1.18.0/SYNTAX.md.
 * Works on the text of the JSON, so that what is found stands as it was written.
 */
import type { ByteText } from "./byte-text.ts";
import { applyModifier } from "./gjson-modifiers.ts";
import { buildMultipath, parseMultipath } from "./gjson-multipath.ts";
import { type ArrayPart, parseArrayPart, parseObjectPart, splitAtPipe } from "./gjson-path.ts";
import { type Query, satisfies } from "./gjson-query.ts";
import {
  elementsOf,
  endOfBrackets,
  isContainer,
  type JsonValue,
  membersOf,
  parseText,
  sequenceOf,
} from "./json-scan.ts";
import { unquote } from "./json-string.ts";
import { matchesWildcard } from "./wildcard.ts";

/** What a search has found so far, and where the path goes on with it. */
interface Search {
  value: JsonValue | undefined;
  pipe: ByteText | undefined;
}

/** The value at `path`, or undefined. Never throws: broken JSON and broken paths find nothing or what stands before the break. */
export function getJson(text: ByteText, path: ByteText): JsonValue | undefined {
  const expression = path.length > 1 ? evaluateExpression(text, path) : undefined;
  if (expression !== undefined && "value" in expression) return expression.value;
  return search(text, expression?.path ?? path);
}

/** A modifier, a literal or a multipath; undefined (or the path that remains) where the path begins with none. */
function evaluateExpression(
  text: ByteText,
  path: ByteText,
): { value: JsonValue | undefined } | { path: ByteText } | undefined {
  if (path.startsWith("@") || path.startsWith("!")) {
    const step = path.startsWith("@") ? applyModifier(text, path, getJson) : literal(path.slice(1));
    if (step === undefined) return undefined;
    return { value: isSeparated(step.rest) ? getJson(step.text, step.rest.slice(1)) : parseText(step.text) };
  }
  if (!path.startsWith("[") && !path.startsWith("{")) return undefined;
  const multipath = parseMultipath(path);
  if (multipath === undefined) return { path: "" };
  if (multipath.rest !== "" && !isSeparated(multipath.rest)) return { path: multipath.rest };
  const kind = path.startsWith("{") ? "object" : "array";
  const built = buildMultipath(kind, multipath.selectors, (selector) => getJson(text, selector));
  return { value: multipath.rest === "" ? built : getJson(built.raw, multipath.rest.slice(1)) };
}

function isSeparated(rest: ByteText): boolean {
  return rest.startsWith("|") || rest.startsWith(".");
}

/** `!"text"`, `!12`, `!{…}`, `!true`: a value written in the path itself. */
function literal(text: ByteText): { readonly text: ByteText; readonly rest: ByteText } | undefined {
  if (/^[{["+\-0-9]/.test(text)) {
    const end = endOfBrackets(text, 0);
    return { text: text.slice(0, end), rest: text.slice(end) };
  }
  const name = /^[^.|]*/.exec(text)?.[0] ?? "";
  if (!/^(?:true|false|null|nan|inf)$/i.test(name)) return undefined;
  return { text: name, rest: text.slice(name.length) };
}

function search(text: ByteText, path: ByteText): JsonValue | undefined {
  const state: Search = { value: undefined, pipe: undefined };
  const root = parseText(text);
  if (path.startsWith("..")) searchElements(state, () => sequenceOf(text, 0), path.slice(2));
  else if (root !== undefined) searchIn(state, root, path);
  return state.pipe === undefined ? state.value : getJson(state.value?.raw ?? "", state.pipe);
}

/** Whether the search is over: true when something was found that no later sibling can replace. */
function searchIn(state: Search, value: JsonValue, path: ByteText): boolean {
  if (value.kind === "object") return searchMembers(state, value.raw, path);
  if (value.kind === "array") return searchElements(state, () => elementsOf(value.raw), path);
  return false;
}

function searchMembers(state: Search, object: ByteText, path: ByteText): boolean {
  const part = parseObjectPart(path);
  if (part.pipe !== undefined) state.pipe = part.pipe;
  for (const member of membersOf(object)) {
    const key = unquote(member.key);
    if (part.isWild ? !matchesWildcard(key, part.key) : key !== part.key) continue;
    if (part.rest === undefined) {
      state.value = member.value;
      return true;
    }
    if (searchIn(state, member.value, part.rest)) return true;
  }
  return false;
}

function searchElements(state: Search, elements: () => Iterable<JsonValue>, path: ByteText): boolean {
  const part = parseArrayPart(path);
  if (part.pipe !== undefined) state.pipe = part.pipe;
  switch (part.select) {
    case "count":
      state.value = { kind: "number", raw: String(Array.from(elements()).length) };
      return true;
    case "each":
      state.value = collectEach(state, elements(), part.each);
      return true;
    case "query":
      return searchQuery(state, elements(), part.query, part.rest);
    case "index":
      return searchIndex(state, elements(), part, part.index);
    default:
      return false;
  }
}

function searchIndex(state: Search, elements: Iterable<JsonValue>, part: ArrayPart, index: number): boolean {
  let at = 0;
  for (const element of elements) {
    if (at++ !== index) continue;
    if (part.rest !== undefined) return searchIn(state, element, part.rest);
    state.value = element;
    return true;
  }
  return false;
}

/** `#.path`: an array of what the path finds in each element; a pipe in it takes the whole array. */
function collectEach(state: Search, elements: Iterable<JsonValue>, path: ByteText): JsonValue {
  const inElement = splitOff(state, path);
  return arrayOf(Array.from(elements, (element) => getJson(element.raw, inElement)));
}

/** The path up to its pipe; what follows it is left to the whole search. */
function splitOff(state: Search, path: ByteText): ByteText {
  const split = splitAtPipe(path);
  if (split === undefined) return path;
  state.pipe = split.right;
  return split.left;
}

function arrayOf(found: readonly (JsonValue | undefined)[]): JsonValue {
  const raws = found.flatMap((value) => (value === undefined ? [] : [value.raw]));
  return { kind: "array", raw: `[${raws.join(",")}]` };
}

function searchQuery(state: Search, elements: Iterable<JsonValue>, query: Query, rest: ByteText | undefined): boolean {
  const all: (JsonValue | undefined)[] = [];
  for (const element of elements) {
    if (!isContainer(element) && query.path !== "") continue;
    if (!satisfies(query, isContainer(element) ? getJson(element.raw, query.path) : element)) continue;
    const found = rest === undefined ? element : getJson(element.raw, splitOff(state, rest));
    if (!query.isAll) {
      state.value = found;
      return true;
    }
    all.push(found);
  }
  // The search goes on after `#(…)#`: with a wildcard before it, a later sibling may still be found.
  if (query.isAll) state.value ??= arrayOf(all);
  return false;
}
