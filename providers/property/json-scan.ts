/** Finds the values in JSON text without building them, so that their text stays as it was written. */
import type { ByteText } from "./byte-text.ts";

export type JsonKind = "null" | "false" | "true" | "number" | "string" | "object" | "array";

/** One value as it stands in the text. */
export interface JsonValue {
  readonly kind: JsonKind;
  readonly raw: ByteText;
}

export interface JsonMember {
  /** With its quotes. */
  readonly key: ByteText;
  readonly value: JsonValue;
}

/** Whether the text is one JSON value (RFC 8259) and nothing else. */
export function isJsonText(text: ByteText): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // The message of the syntax error quotes the text, so it goes no further than here.
    return false;
  }
}

export function isContainer(value: JsonValue): boolean {
  return value.kind === "object" || value.kind === "array";
}

/** Index after the closing quote of the string that opens at `at`, or the text's end where it never closes. */
export function endOfString(text: ByteText, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    const char = text[i];
    if (char === "\\") i++;
    else if (char === '"') return i + 1;
  }
  return text.length;
}

/** Index after the bracket that closes the one at `at`; brackets of all kinds count alike. The text's end where none does. */
export function endOfBrackets(text: ByteText, at: number): number {
  let depth = 1;
  for (let i = at + 1; i < text.length; i++) {
    switch (text[i]) {
      case '"':
        i = endOfString(text, i) - 1;
        break;
      case "{":
      case "[":
      case "(":
        depth++;
        break;
      case "}":
      case "]":
      case ")":
        depth--;
        if (depth === 0) return i + 1;
        break;
    }
  }
  return text.length;
}

function endOfScalar(text: ByteText, at: number): number {
  let i = at + 1;
  while (i < text.length && !/[\s,\]}]/.test(text[i] ?? "")) i++;
  return i;
}

function endOfWord(text: ByteText, at: number): number {
  let i = at + 1;
  while (i < text.length && /[a-z]/.test(text[i] ?? "")) i++;
  return i;
}

const NUMBER_START = /[-+0-9iIN]/;

/** The value that begins exactly at `at`, and the index after it; undefined where none begins there. */
export function readValue(text: ByteText, at: number): { readonly value: JsonValue; readonly end: number } | undefined {
  const found = (kind: JsonKind, end: number) => ({ value: { kind, raw: text.slice(at, end) }, end });
  const char = text[at];
  switch (char) {
    case '"':
      return found("string", endOfString(text, at));
    case "{":
      return found("object", endOfBrackets(text, at));
    case "[":
      return found("array", endOfBrackets(text, at));
    case "t":
      return found("true", endOfWord(text, at));
    case "f":
      return found("false", endOfWord(text, at));
    case "n":
      return text[at + 1] === "u" ? found("null", endOfWord(text, at)) : found("number", endOfScalar(text, at));
    case undefined:
      return undefined;
    default:
      return NUMBER_START.test(char) ? found("number", endOfScalar(text, at)) : undefined;
  }
}

/** The value that a whole text is. An object or array reaches to the text's end, blanks included, as gjson has it. */
export function parseText(text: ByteText): JsonValue | undefined {
  const at = skip(text, 0, "");
  const found = readValue(text, at);
  if (found === undefined || !isContainer(found.value)) return found?.value;
  return { kind: found.value.kind, raw: text.slice(at) };
}

/** Index of the next character that is neither blank nor one of `others`. */
function skip(text: ByteText, at: number, others: string): number {
  let i = at;
  while (i < text.length && (text.charCodeAt(i) <= 0x20 || others.includes(text[i] ?? " "))) i++;
  return i;
}

/** The members of an object's text, in order; ends early where the text is no JSON. */
export function* membersOf(object: ByteText): Generator<JsonMember> {
  let at = skip(object, 0, "") + 1;
  for (;;) {
    at = skip(object, at, ",");
    if (object[at] !== '"') return;
    const keyEnd = endOfString(object, at);
    const found = readValue(object, skip(object, keyEnd, ":"));
    if (found === undefined) return;
    yield { key: object.slice(at, keyEnd), value: found.value };
    at = found.end;
  }
}

/** The elements of an array's text, in order; ends early where the text is no JSON. */
export function* elementsOf(array: ByteText): Generator<JsonValue> {
  yield* sequenceOf(array, skip(array, 0, "") + 1);
}

/** The values that follow one another from `at` on, with or without commas (JSON lines). */
export function* sequenceOf(text: ByteText, start: number): Generator<JsonValue> {
  let at = start;
  for (;;) {
    const found = readValue(text, skip(text, at, ","));
    if (found === undefined) return;
    yield found.value;
    at = found.end;
  }
}
