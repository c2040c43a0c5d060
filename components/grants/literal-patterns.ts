/** What a regular expression pins down literally: the narrowest that a cloud's policy can say of it. */

/** Names that begin with `text`; with `isExact` the name `text` alone. */
export interface LiteralPattern {
  readonly text: string;
  readonly isExact: boolean;
}

interface Cursor {
  readonly source: string;
  position: number;
  isUnreadable: boolean;
}

type Patterns = readonly LiteralPattern[];

/** Beyond it every name is taken: a policy has no room for more. */
const MAX_PATTERNS = 32;

const ANYTHING: Patterns = [{ text: "", isExact: false }];
const NOTHING_YET: Patterns = [{ text: "", isExact: true }];

/**
 * Patterns that together hold every name that an RE2 expression can match, without repetition: `^prod/` gives the prefix
 * `prod/`, `^(db|api)-key$` gives two names. What is not anchored by a leading `^`, ignores case or cannot be read gives
 * the prefix `""`, which is every name. Never throws: a wrong expression is the controller's to refuse.
 */
export function literalPatterns(expression: string): Patterns {
  const cursor: Cursor = { source: expression, position: 0, isUnreadable: false };
  const patterns = alternation(cursor, anchoredBranch);
  return cursor.isUnreadable || cursor.position < expression.length ? ANYTHING : withoutCovered(patterns);
}

function alternation(cursor: Cursor, branch: (cursor: Cursor) => Patterns): Patterns {
  const patterns: LiteralPattern[] = [];
  do patterns.push(...branch(cursor));
  while (accept(cursor, "|"));
  return patterns.length > MAX_PATTERNS ? ANYTHING : patterns;
}

/** An alternative of the whole expression: without `^` it may begin anywhere, without `$` anything may follow. */
function anchoredBranch(cursor: Cursor): Patterns {
  const isAnchored = accept(cursor, "^");
  const patterns = sequence(cursor);
  if (!isAnchored) return ANYTHING;
  const isEnded = cursor.source[cursor.position - 1] === "$" && cursor.source[cursor.position - 2] !== "\\";
  return isEnded ? patterns : patterns.map(({ text }) => ({ text, isExact: false }));
}

/** Atoms up to `|`, `)` or the end. */
function sequence(cursor: Cursor): Patterns {
  let patterns = NOTHING_YET;
  while (cursor.position < cursor.source.length && !isAt(cursor, "|") && !isAt(cursor, ")")) {
    patterns = followedBy(patterns, quantified(cursor, atom(cursor)));
  }
  return patterns;
}

function atom(cursor: Cursor): Patterns {
  const { source } = cursor;
  const character = source[cursor.position] ?? "";
  cursor.position += 1;
  if (character === "\\") return escaped(cursor);
  if (character === "[") return characterClass(cursor);
  if (character === "(") return group(cursor);
  if (character === "$") return endsBranch(cursor) ? NOTHING_YET : ANYTHING;
  return ".^*+?{".includes(character) ? ANYTHING : [{ text: character, isExact: true }];
}

/** An escaped punctuation mark is itself; letters and digits are classes, quotes and positions. */
function escaped(cursor: Cursor): Patterns {
  const character = cursor.source[cursor.position] ?? "";
  cursor.position += 1;
  if (character === "Q" || character === "") cursor.isUnreadable = true;
  return /[A-Za-z0-9]/.test(character) ? ANYTHING : [{ text: character, isExact: true }];
}

function characterClass(cursor: Cursor): Patterns {
  accept(cursor, "^");
  accept(cursor, "]");
  while (cursor.position < cursor.source.length && !isAt(cursor, "]")) {
    if (accept(cursor, "[:"))
      cursor.position = Math.max(cursor.position, cursor.source.indexOf(":]", cursor.position)) + 2;
    else cursor.position += isAt(cursor, "\\") ? 2 : 1;
  }
  if (!accept(cursor, "]")) cursor.isUnreadable = true;
  return ANYTHING;
}

function group(cursor: Cursor): Patterns {
  const opening = /^(\?:|\?P?<\w+>)?/.exec(cursor.source.slice(cursor.position))?.[0] ?? "";
  cursor.position += opening.length;
  // Flags: they may change what all that follows means.
  const hasFlags = accept(cursor, "?");
  const patterns = alternation(cursor, sequence);
  if (!accept(cursor, ")")) cursor.isUnreadable = true;
  return hasFlags ? ANYTHING : patterns;
}

/** What is repeated at will may be absent; what is there once or more begins with itself. */
function quantified(cursor: Cursor, patterns: Patterns): Patterns {
  if (accept(cursor, "+"))
    return withLazyMark(
      cursor,
      patterns.map(({ text }) => ({ text, isExact: false })),
    );
  if (accept(cursor, "*") || accept(cursor, "?")) return withLazyMark(cursor, ANYTHING);
  const counted = /^\{\d+(,\d*)?\}/.exec(cursor.source.slice(cursor.position))?.[0];
  if (counted === undefined) return patterns;
  cursor.position += counted.length;
  return withLazyMark(cursor, ANYTHING);
}

function withLazyMark(cursor: Cursor, patterns: Patterns): Patterns {
  accept(cursor, "?");
  return patterns;
}

function followedBy(first: Patterns, then: Patterns): Patterns {
  const both = first.flatMap(({ text, isExact }) =>
    isExact ? then.map((next) => ({ text: text + next.text, isExact: next.isExact })) : [{ text, isExact }],
  );
  return both.length > MAX_PATTERNS ? first.map(({ text }) => ({ text, isExact: false })) : both;
}

function withoutCovered(patterns: Patterns): Patterns {
  const prefixes = patterns.filter(({ isExact }) => !isExact).map(({ text }) => text);
  const kept = patterns.filter(
    ({ text, isExact }, index) =>
      !prefixes.some((prefix) => text.startsWith(prefix) && (isExact || prefix !== text)) &&
      patterns.findIndex((other) => other.text === text && other.isExact === isExact) === index,
  );
  return kept.toSorted((a, b) => (a.text < b.text ? -1 : 1));
}

function endsBranch(cursor: Cursor): boolean {
  return cursor.position === cursor.source.length || isAt(cursor, "|");
}

function isAt(cursor: Cursor, text: string): boolean {
  return cursor.source.startsWith(text, cursor.position);
}

function accept(cursor: Cursor, text: string): boolean {
  if (!isAt(cursor, text)) return false;
  cursor.position += text.length;
  return true;
}
