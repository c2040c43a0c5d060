/** Names of groups. Go lets several groups have one name, RE2JS does not: later ones are renamed for it. */
import { goString } from "../../go-value.ts";

/** An expression whose groups all have different names, and the numbers of the groups of each name as it was written. */
export interface NamedGroups {
  readonly expression: string;
  readonly groups: ReadonlyMap<string, readonly number[]>;
}

/** What must be passed over, then what opens a group. */
const PIECES = new RegExp(
  [
    "\\\\Q[^]*?(?:\\\\E|$)",
    "\\\\[^]",
    // A class: a bracket at its start stands for itself, as does one in a named class.
    "\\[\\^?\\]?(?:\\\\[^]|\\[:[^\\]]*:\\]|[^\\]\\\\])*\\]?",
    "\\((?:\\?P?<([^>=!]*)>|(?!\\?))",
  ].join("|"),
  "g",
);

/** Reads the names, and renames those that were there before. */
export function namedGroupsOf(expression: string): NamedGroups {
  const groups = new Map<string, number[]>();
  let number = 0;
  const renamed = expression.replace(PIECES, (piece: string, name: string | undefined) => {
    if (!piece.startsWith("(")) return piece;
    number++;
    if (name === undefined) return piece;
    const numbers = groups.get(goString(name)) ?? [];
    groups.set(goString(name), [...numbers, number]);
    return numbers.length === 0 ? piece : `(?P<${name}__${number}>`;
  });
  return { expression: renamed, groups };
}
