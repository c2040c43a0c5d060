/** Modifiers of gjson: `@name` or `@name:argument`, each from JSON text to JSON text. */
import type { ByteText } from "./byte-text.ts";
import { trim } from "./gjson-query.ts";
import { prettyJson, uglyJson } from "./json-pretty.ts";
import {
  elementsOf,
  endOfBrackets,
  endOfString,
  isJsonText,
  type JsonValue,
  membersOf,
  parseText,
} from "./json-scan.ts";
import { quote, unquote } from "./json-string.ts";
import { textOf } from "./json-value.ts";

/** How `@dig` looks into a value; handed in because the search uses the modifiers too. */
export type Get = (text: ByteText, path: ByteText) => JsonValue | undefined;

type Modifier = (text: ByteText, argument: ByteText, get: Get) => ByteText;

const MODIFIERS: Readonly<Record<string, Modifier>> = {
  this: (text) => text,
  pretty: prettyJson,
  ugly: uglyJson,
  reverse,
  flatten: (text, argument) => flatten(text, flag(argument, "deep")),
  join: (text, argument) => (flag(argument, "preserve") ? joinAll(text) : joinLast(text)),
  valid: (text) => (isJsonText(text) ? text : ""),
  keys,
  values,
  tostr: quote,
  fromstr: (text) => (isJsonText(text) ? textOf(parseText(text)) : ""),
  group,
  dig: (text, argument, get) => `[${dig(parseText(text), argument, get).join(",")}]`,
};

export function isModifier(name: string): boolean {
  return Object.hasOwn(MODIFIERS, name);
}

/** Applies the modifier that `path` (from its `@` on) begins with; undefined where there is no such modifier. */
export function applyModifier(text: ByteText, path: ByteText, get: Get) {
  const name = /^[^.|:]*/.exec(path.slice(1))?.[0] ?? "";
  if (!isModifier(name)) return undefined;
  const after = path.slice(1 + name.length);
  const { argument, rest } = after.startsWith(":") ? splitArgument(after.slice(1)) : { argument: "", rest: after };
  return { text: MODIFIERS[name]?.(text, argument, get) ?? "", rest };
}

/** A JSON argument ends where its value ends, any other at the next pipe. */
function splitArgument(text: ByteText): { readonly argument: ByteText; readonly rest: ByteText } {
  const end = /^[{["]/.test(text) ? endOfGroup(text, 0) : endOfPlainArgument(text);
  return { argument: text.slice(0, end), rest: text.slice(end) };
}

function endOfPlainArgument(text: ByteText): number {
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "|") return i;
    if ('{["('.includes(text[i] ?? " ")) i = endOfGroup(text, i) - 1;
  }
  return text.length;
}

function endOfGroup(text: ByteText, at: number): number {
  return text[at] === '"' ? endOfString(text, at) : endOfBrackets(text, at);
}

function flag(argument: ByteText, name: string): boolean {
  const options = parseText(argument);
  if (options?.kind !== "object") return false;
  let isSet = false;
  for (const { key, value } of membersOf(options.raw)) {
    if (unquote(key) === name)
      isSet = /^(?:1|t|true)$/i.test(textOf(value)) || (value.kind === "number" && textOf(value) !== "0");
  }
  return isSet;
}

function reverse(text: ByteText): ByteText {
  const value = parseText(text);
  if (value?.kind === "array")
    return `[${Array.from(elementsOf(value.raw), (element) => element.raw)
      .reverse()
      .join(",")}]`;
  if (value?.kind !== "object") return text;
  return `{${Array.from(membersOf(value.raw), (member) => `${member.key}:${member.value.raw}`)
    .reverse()
    .join(",")}}`;
}

function flatten(text: ByteText, isDeep: boolean): ByteText {
  const value = parseText(text);
  if (value?.kind !== "array") return text;
  const parts: ByteText[] = [];
  for (const element of elementsOf(value.raw)) {
    const raw = element.kind !== "array" ? element.raw : inside(isDeep ? flatten(element.raw, true) : element.raw);
    if (raw.trim() !== "") parts.push(raw.trim());
  }
  return `[${parts.join(",")}]`;
}

/** The text between an object's or array's brackets. */
function inside(container: ByteText): ByteText {
  return trim(container).slice(1, -1);
}

function keys(text: ByteText): ByteText {
  const value = parseText(text);
  if (value === undefined) return "[]";
  if (value.kind === "object") return `[${Array.from(membersOf(value.raw), (member) => member.key).join(",")}]`;
  if (value.kind === "array") return `[${Array.from(elementsOf(value.raw), () => "null").join(",")}]`;
  return "[null]";
}

function values(text: ByteText): ByteText {
  const value = parseText(text);
  if (value === undefined) return "[]";
  if (value.kind === "array") return text;
  if (value.kind !== "object") return `[${value.raw}]`;
  return `[${Array.from(membersOf(value.raw), (member) => member.value.raw).join(",")}]`;
}

function objectsIn(text: ByteText): readonly JsonValue[] | undefined {
  const value = parseText(text);
  return value?.kind === "array"
    ? Array.from(elementsOf(value.raw)).filter((item) => item.kind === "object")
    : undefined;
}

function joinAll(text: ByteText): ByteText {
  const objects = objectsIn(text);
  return objects === undefined ? text : `{${objects.map((object) => inside(object.raw)).join(",")}}`;
}

/** One object of all members: each key where it stood first, with the value that came last. */
function joinLast(text: ByteText): ByteText {
  const objects = objectsIn(text);
  if (objects === undefined) return text;
  const members = new Map<string, { readonly key: ByteText; value: ByteText }>();
  for (const object of objects) {
    for (const { key, value } of membersOf(object.raw)) {
      const known = members.get(unquote(key));
      if (known === undefined) members.set(unquote(key), { key, value: value.raw });
      else known.value = value.raw;
    }
  }
  return `{${Array.from(members.values(), ({ key, value }) => `${key}:${value}`).join(",")}}`;
}

/** Turns an object of arrays into an array of objects. */
function group(text: ByteText): ByteText {
  const value = parseText(text);
  if (value?.kind !== "object") return "";
  const rows: ByteText[][] = [];
  for (const { key, value: column } of membersOf(value.raw)) {
    if (column.kind !== "array") continue;
    let row = 0;
    for (const element of elementsOf(column.raw)) {
      const members = rows[row] ?? [];
      members.push(`${key}:${element.raw}`);
      rows[row++] = members;
    }
  }
  return `[${rows.map((members) => `{${members.join(",")}}`).join(",")}]`;
}

/** The path in the value and in everything below it, parents first. */
function dig(value: JsonValue | undefined, path: ByteText, get: Get): ByteText[] {
  if (value === undefined) return [];
  const found = get(value.raw, path);
  const all = found === undefined ? [] : [found.raw];
  if (value.kind === "array") for (const element of elementsOf(value.raw)) all.push(...dig(element, path, get));
  if (value.kind === "object") for (const member of membersOf(value.raw)) all.push(...dig(member.value, path, get));
  return all;
}
