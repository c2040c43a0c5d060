/** Strings and bytes as fmt's verbs write them. */

import type { Layout } from "./layout.ts";
import { canBackquote, quote } from "./quote.ts";

/** The text of a Go string; undefined if the verb is none for strings. */
export function formatString(value: string, verb: string, layout: Layout): string | undefined {
  switch (verb) {
    case "v":
      return layout.sharpV ? quoted(value, layout) : layout.pad(layout.truncate(value));
    case "s":
      return layout.pad(layout.truncate(value));
    case "x":
    case "X":
      return hexadecimal(value, verb, layout);
    case "q":
      return quoted(value, layout);
    default:
      return undefined;
  }
}

function quoted(value: string, layout: Layout): string {
  const text = layout.truncate(value);
  const isRaw = layout.sharp && canBackquote(text);
  return layout.pad(isRaw ? `\`${text}\`` : quote(text, layout.plus));
}

function hexadecimal(value: string, verb: "x" | "X", layout: Layout): string {
  const text = layout.hasPrecision ? value.slice(0, layout.precision) : value;
  const lower = Buffer.from(text, "latin1").toString("hex");
  const digits = verb === "X" ? lower.toUpperCase() : lower;
  const prefix = layout.sharp && text !== "" ? `0${verb}` : "";
  if (!layout.space) return layout.pad(prefix + digits);
  return layout.pad(digits.replace(/..(?=.)/g, `$& ${prefix}`).replace(/^(?=.)/, prefix));
}
