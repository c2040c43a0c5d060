/** `rewrite.regexp`: replaces parts of keys, with Go's `$1`, `${name}` and `$$`. */
import type { Rewrite } from "../../api/external-secret.ts";
import { SecretMap } from "../../providers/secret-map.ts";
import { expanded, replacementParts } from "../template/functions/regex/expand.ts";
import { compilePattern, type Pattern } from "../template/functions/regex/pattern.ts";
import { type CallContext, GoError, goString, textOf } from "../template/go-value.ts";
import { sortedEntries } from "./key-order.ts";

/** @throws GoError where the expression does not compile */
export function rewriteByRegexp(
  { source, target }: NonNullable<Rewrite["regexp"]>,
  data: SecretMap,
  context: CallContext,
): SecretMap {
  const pattern = compiled(source);
  const parts = replacementParts(goString(target));
  const rewritten = new SecretMap();
  for (const [key, value] of sortedEntries(data)) {
    const text = goString(key);
    const name = pattern.replaceAll(text, context, (match) => expanded(parts, match, text, pattern.groupNames));
    rewritten.set(textOf(name), value);
  }
  return rewritten;
}

/** The expression stands in the ExternalSecret, so that the message may quote it. */
function compiled(source: string): Pattern {
  try {
    return compilePattern(goString(source), false);
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    throw new GoError(`regexp failed with failed to compile: ${textOf(error.quoting(() => true))}`);
  }
}
