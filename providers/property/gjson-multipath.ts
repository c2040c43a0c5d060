/** Multipaths of gjson: `{a,"name":b.c}` builds an object and `[a,b.c]` an array of several results. */
import type { ByteText } from "./byte-text.ts";
import { isJsonText, type JsonValue } from "./json-scan.ts";
import { quote } from "./json-string.ts";

interface Selector {
  /** As written before the colon; undefined where the path names itself. */
  readonly name: ByteText | undefined;
  readonly path: ByteText;
}

/** Splits a path that begins with `{` or `[`; undefined where the bracket never closes. */
export function parseMultipath(
  path: ByteText,
): { readonly selectors: readonly Selector[]; readonly rest: ByteText } | undefined {
  const selectors: Selector[] = [];
  let depth = 1;
  let start = 1;
  let colon = 0;
  let inModifier = false;
  const push = (end: number) => {
    const hasName = colon > 0;
    selectors.push({
      name: hasName ? path.slice(start, colon) : undefined,
      path: path.slice(hasName ? colon + 1 : start, end),
    });
    start = end + 1;
    colon = 0;
    inModifier = false;
  };
  for (let i = 1; i < path.length; i++) {
    const char = path[i] ?? "";
    if (char === "\\") i++;
    else if (char === '"') i = endOfQuoted(path, i);
    else if (char === "@") inModifier ||= path[i - 1] === "." || path[i - 1] === "|";
    else if (char === ":" && depth === 1 && !inModifier && colon === 0) colon = i;
    else if (char === "," && depth === 1) push(i);
    else if ("[({".includes(char)) depth++;
    else if ("])}".includes(char) && --depth === 0) {
      push(i);
      return { selectors, rest: path.slice(i + 1) };
    }
  }
  return undefined;
}

function endOfQuoted(path: ByteText, at: number): number {
  for (let i = at + 1; i < path.length; i++) {
    if (path[i] === "\\") i++;
    else if (path[i] === '"') return i;
  }
  return path.length;
}

/** The object or array of all selectors that find something. */
export function buildMultipath(
  kind: "object" | "array",
  selectors: readonly Selector[],
  get: (path: ByteText) => JsonValue | undefined,
): JsonValue {
  const parts: ByteText[] = [];
  for (const selector of selectors) {
    const found = get(selector.path);
    if (found === undefined) continue;
    parts.push(kind === "object" ? `${nameOf(selector)}:${found.raw}` : found.raw);
  }
  return { kind, raw: kind === "object" ? `{${parts.join(",")}}` : `[${parts.join(",")}]` };
}

function nameOf({ name, path }: Selector): ByteText {
  if (name !== undefined && name !== "") return name.startsWith('"') && isJsonText(name) ? name : quote(name);
  const last = lastComponent(path);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: gjson names such a member "_".
  return quote(/[\x00-\x1f[\]{}()#|!]/.test(last) ? "_" : last);
}

/** What follows the last separator that is not escaped. */
function lastComponent(path: ByteText): ByteText {
  for (let i = path.length - 1; i >= 0; i--) {
    if ((path[i] === "|" || path[i] === ".") && path[i - 1] !== "\\") return path.slice(i + 1);
  }
  return path;
}
