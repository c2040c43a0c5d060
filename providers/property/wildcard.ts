/** Wildcard patterns of gjson: `*` any run of characters, `?` one character, `\` takes the next one literally. */
import { type ByteText, decodeText } from "./byte-text.ts";

type Token = { readonly any: "run" | "one" } | { readonly char: string };

/** Whether the pattern matches the whole text. Takes at most text × pattern steps. */
export function matchesWildcard(text: ByteText, pattern: ByteText): boolean {
  const tokens = tokensOf(decodeText(pattern));
  return tokens !== undefined && matchesTokens(Array.from(decodeText(text)), tokens);
}

/** Undefined for a pattern that ends in a lone backslash: it matches nothing. */
function tokensOf(pattern: string): Token[] | undefined {
  const chars = Array.from(pattern);
  const tokens: Token[] = [];
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i] ?? "";
    if (char === "*") tokens.push({ any: "run" });
    else if (char === "?") tokens.push({ any: "one" });
    else if (char === "\\") {
      i++;
      const literal = chars[i];
      if (literal === undefined) return undefined;
      tokens.push({ char: literal });
    } else tokens.push({ char });
  }
  return tokens;
}

function matchesTokens(chars: readonly string[], tokens: readonly Token[]): boolean {
  let at = 0;
  let token = 0;
  let lastRun = -1;
  let runStart = 0;
  while (at < chars.length) {
    const current = tokens[token];
    if (current !== undefined && "any" in current && current.any === "run") {
      lastRun = token++;
      runStart = at;
    } else if (current !== undefined && ("any" in current || current.char === chars[at])) {
      token++;
      at++;
    } else if (lastRun >= 0) {
      token = lastRun + 1;
      at = ++runStart;
    } else return false;
  }
  return tokens.slice(token).every((rest) => "any" in rest && rest.any === "run");
}
