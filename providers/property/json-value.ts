/** JSON values as the bytes that a secret gets of them. */
import { type ByteText, bytesOf } from "./byte-text.ts";
import { parseNumber, plainNumber } from "./json-number.ts";
import { elementsOf, type JsonValue, membersOf } from "./json-scan.ts";
import { quote, unquote } from "./json-string.ts";

/**
 * How numbers are written: `plain` as ESO does after decoding (1.50 → 1.5, 1e-7 → 0.0000001; integers keep all their
 * digits), `asWritten` as they stand in the text.
 */
export type NumberStyle = "plain" | "asWritten";

/** gjson's string form of a result: a string's content, nothing for null, a plain number, other values as they stand. */
export function textOf(value: JsonValue | undefined): ByteText {
  if (value === undefined) return "";
  switch (value.kind) {
    case "null":
      return "";
    case "string":
      return unquote(value.raw);
    case "number":
      return plainNumber(value.raw);
    case "true":
    case "false":
      return value.kind;
    default:
      return value.raw;
  }
}

/** ESO's `GetByteValue`: as `textOf`, but objects and arrays are written anew in Go's form (sorted keys, no blanks). */
export function byteValueOf(value: JsonValue, numbers: NumberStyle): Uint8Array {
  if (value.kind === "number" && numbers === "asWritten") return bytesOf(value.raw);
  const isContainer = value.kind === "object" || value.kind === "array";
  return bytesOf(isContainer ? marshal(value, numbers) : textOf(value));
}

/** The value as Go's `json.Marshal` writes it: keys sorted by their bytes, no blanks, `<`, `>` and `&` escaped. */
export function marshal(value: JsonValue, numbers: NumberStyle): ByteText {
  switch (value.kind) {
    case "object":
      return marshalObject(value, numbers);
    case "array":
      return `[${Array.from(elementsOf(value.raw), (element) => marshal(element, numbers)).join(",")}]`;
    case "string":
      return quote(unquote(value.raw));
    case "number":
      return numbers === "asWritten" ? value.raw : marshalNumber(value.raw);
    default:
      return value.kind;
  }
}

function marshalObject(value: JsonValue, numbers: NumberStyle): ByteText {
  const members = new Map<ByteText, JsonValue>();
  for (const member of membersOf(value.raw)) members.set(unquote(member.key), member.value);
  const sorted = [...members].sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${sorted.map(([key, member]) => `${quote(key)}:${marshal(member, numbers)}`).join(",")}}`;
}

/** Inside objects and arrays Go uses an exponent below 1e-6 and from 1e21 on, as JavaScript does. */
function marshalNumber(raw: ByteText): ByteText {
  if (/^-?\d+$/.test(raw)) return raw;
  const value = parseNumber(raw);
  return Object.is(value, -0) ? "-0" : String(value);
}
