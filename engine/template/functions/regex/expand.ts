/** Go's replacement templates: `$1`, `$name`, `${name}`, `$$`. */
import { decodeRune } from "../../fmt/utf8.ts";
import { isDigit, isLetter } from "../unicode.ts";
import type { Match } from "./pattern.ts";

type Part = string | { readonly group: string };

/** Takes a template apart, once for all matches. */
export function replacementParts(template: string): readonly Part[] {
  const parts: Part[] = [];
  let rest = template;
  for (;;) {
    const dollar = rest.indexOf("$");
    if (dollar < 0) break;
    parts.push(rest.slice(0, dollar));
    rest = rest.slice(dollar);
    const reference = referenceAt(rest);
    if (rest.startsWith("$$")) {
      parts.push("$");
      rest = rest.slice(2);
    } else if (reference === undefined) {
      parts.push("$");
      rest = rest.slice(1);
    } else {
      parts.push({ group: reference.name });
      rest = rest.slice(reference.length);
    }
  }
  parts.push(rest);
  return parts;
}

/** The text of a match put in the place of the references; an unknown group is empty. */
export function expanded(
  parts: readonly Part[],
  match: Match,
  text: string,
  groupNames: ReadonlyMap<string, readonly number[]>,
): string {
  return parts
    .map((part) => {
      if (typeof part === "string") return part;
      const group = groupNumbers(part.group, groupNames).find((number) => (match[2 * number] ?? -1) >= 0);
      return group === undefined ? "" : text.slice(match[2 * group], match[2 * group + 1]);
    })
    .join("");
}

/** A reference by number: no leading zero, below 10⁹. Any other is a name. */
function groupNumbers(name: string, groupNames: ReadonlyMap<string, readonly number[]>): readonly number[] {
  return /^(?:0|[1-9][0-9]{0,8})$/.test(name) ? [Number(name)] : (groupNames.get(name) ?? []);
}

/** The name after a dollar sign, in braces or as long as letters, digits and underscores go on. */
function referenceAt(text: string): { readonly name: string; readonly length: number } | undefined {
  const isBraced = text.charAt(1) === "{";
  const start = isBraced ? 2 : 1;
  let end = start;
  while (end < text.length) {
    const decoded = decodeRune(text, end);
    const rune = decoded >>> 3;
    if (!isLetter(rune) && !isDigit(rune) && rune !== 0x5f) break;
    end += decoded & 7;
  }
  if (end === start || (isBraced && text.charAt(end) !== "}")) return undefined;
  return { name: text.slice(start, end), length: isBraced ? end + 1 : end };
}
