/** JSON of an answer, with numbers as they are written. */

/** A parsed value; a number is a `RawNumber`. */
export type Json = null | boolean | string | RawNumber | readonly Json[] | { readonly [key: string]: Json };

/** A number that keeps its digits. */
export class RawNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** The value, or undefined where the text is no JSON. */
export function parseJson(text: string): Json | undefined {
  const keepDigits = (_key: string, value: unknown, context?: { readonly source?: string }) =>
    typeof value === "number" ? new RawNumber(context?.source ?? String(value)) : value;
  try {
    return JSON.parse(text, keepDigits) as Json;
  } catch {
    // The parser's message quotes the text.
    return undefined;
  }
}

/** Whether it has keys. */
export function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof RawNumber);
}

/** Compact JSON. */
export function jsonText(value: Json): string {
  if (value instanceof RawNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(jsonText).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, member]) => `${JSON.stringify(key)}:${jsonText(member)}`)
    .join(",")}}`;
}
