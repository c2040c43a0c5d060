/** Go's regular expressions on Go strings: RE2JS finds, offsets are bytes, bytes that are no UTF-8 match as U+FFFD. */
import { RE2JS, RE2JSException, RE2JSSyntaxException } from "re2js";
import { quote } from "../../fmt/index.ts";
import { canBackquote } from "../../fmt/quote.ts";
import { decodeRune, isAscii, RUNE_ERROR } from "../../fmt/utf8.ts";
import { type CallContext, GoError, textOf } from "../../go-value.ts";
import { LEFT_OUT } from "../define.ts";
import { namedGroupsOf } from "./group-names.ts";

/** Byte offsets of a match and its groups, start and end in turn; -1 for a group that took no part. */
export type Match = readonly number[];

/** Instructions of an expression tried on a byte that count as one step. */
const WORK_PER_STEP = 64;

/** A compiled expression. */
export class Pattern {
  /** Whether the expression is the empty text. */
  readonly isEmpty: boolean;
  /** The numbers of the groups of each name; several may have one. */
  readonly groupNames: ReadonlyMap<string, readonly number[]>;
  readonly #expression: RE2JS;
  readonly #size: number;

  constructor(expression: string) {
    const named = namedGroupsOf(expression);
    this.#expression = RE2JS.compile(named.expression);
    this.#size = this.#expression.programSize();
    this.isEmpty = expression === "";
    this.groupNames = named.groups;
  }

  /** The matches that begin after each other, at most `most`. An empty one right after another is none. */
  matches(text: string, context: CallContext, most = Number.POSITIVE_INFINITY): Match[] {
    const search = this.#search(text, context);
    const found: Match[] = [];
    let previousEnd = -1;
    for (let at = 0; found.length < most && at <= text.length; ) {
      const match = search(at);
      if (match === undefined) break;
      const [start = 0, end = 0] = match;
      const isAccepted = end !== at || start !== previousEnd;
      at = end === at ? at + Math.max(1, decodeRune(text, at) & 7) : end;
      previousEnd = end;
      if (isAccepted) found.push(match);
    }
    return found;
  }

  /** Whether the expression matches anywhere. */
  isMatch(text: string, context: CallContext): boolean {
    return this.#search(text, context)(0) !== undefined;
  }

  /** The text with each match replaced; what `replacement` gives is not looked at again. */
  replaceAll(text: string, context: CallContext, replacement: (match: Match) => string): string {
    const search = this.#search(text, context);
    const parts: string[] = [];
    let lastEnd = 0;
    for (let at = 0; at <= text.length; ) {
      const match = search(at);
      if (match === undefined) break;
      const [start = 0, end = 0] = match;
      parts.push(text.slice(lastEnd, start));
      if (end > lastEnd || start === 0) parts.push(replacement(match));
      lastEnd = end;
      const size = decodeRune(text, at) & 7;
      at = Math.max(at + Math.max(size, 1), end);
    }
    parts.push(text.slice(lastEnd));
    context.spend(parts.reduce((sum, part) => sum + part.length, 0));
    return parts.join("");
  }

  /** What finds the first match at or after a byte offset. */
  #search(text: string, context: CallContext): (at: number) => Match | undefined {
    const subject = subjectOf(text);
    const matcher = this.#expression.matcher(subject.text);
    context.spend(Math.floor((text.length * this.#size) / WORK_PER_STEP));
    return (at) => {
      // A search may look at all the rest of the text, though it finds a match near by.
      context.spend(16 + Math.floor((text.length - at) / 4096));
      if (!matcher.find(subject.unitAt(at))) return undefined;
      const match: number[] = [];
      for (let group = 0; group <= matcher.groupCount(); group++) {
        match.push(subject.byteAt(matcher.start(group)), subject.byteAt(matcher.end(group)));
      }
      return match;
    };
  }
}

/** A text in UTF-16 for RE2JS, and the ways between its units and the bytes of the Go string. */
interface Subject {
  readonly text: string;
  byteAt(unit: number): number;
  unitAt(byte: number): number;
}

function subjectOf(text: string): Subject {
  if (isAscii(text)) return { text, byteAt: (unit) => unit, unitAt: (byte) => byte };
  const parts: string[] = [];
  const bytes = new Int32Array(text.length + 1);
  const units = new Int32Array(text.length + 1);
  let unit = 0;
  for (let at = 0; at < text.length; ) {
    const decoded = decodeRune(text, at);
    const character = String.fromCodePoint(decoded >>> 3);
    bytes[unit] = at;
    units[at] = unit;
    parts.push(character);
    unit += character.length;
    at += decoded & 7;
  }
  bytes[unit] = text.length;
  units[text.length] = unit;
  return {
    text: parts.join(""),
    byteAt: (index) => (index < 0 ? -1 : (bytes[index] ?? text.length)),
    unitAt: (byte) => units[byte] ?? unit,
  };
}

/**
 * Compiles an expression given as the call's first argument.
 * @throws GoError as Go's `regexp.Compile` words it; `panics` as `MustCompile` does
 */
export function compilePattern(expression: string, panics: boolean): Pattern {
  try {
    checkUtf8(expression);
    return new Pattern(textOf(expression));
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const { description, part } = faultOf(error);
    throw new GoError((isLiteral) => {
      const shown = isLiteral(0);
      const fault = `error parsing regexp: ${description}${part === undefined ? "" : `: \`${shown ? part : LEFT_OUT}\``}`;
      return panics ? `regexp: Compile(${shown ? quoted(expression) : LEFT_OUT}): ${fault}` : fault;
    });
  }
}

/** Go reads an expression rune by rune and gives up at bytes that are no UTF-8. */
function checkUtf8(expression: string): void {
  if (isAscii(expression)) return;
  for (let at = 0; at < expression.length; ) {
    const decoded = decodeRune(expression, at);
    if (decoded === INVALID_RUNE) throw new RE2JSSyntaxException("invalid UTF-8", textOf(expression.slice(at)));
    at += decoded & 7;
  }
}

/** U+FFFD of one byte. */
const INVALID_RUNE = (RUNE_ERROR << 3) | 1;

function faultOf(error: RE2JSException): { readonly description: string; readonly part: string | undefined } {
  if (!(error instanceof RE2JSSyntaxException)) return { description: "expression too large", part: undefined };
  const part = error.getPattern();
  return {
    description: error.getDescription(),
    part: part === null || part === "" ? undefined : Buffer.from(part, "utf8").toString("latin1"),
  };
}

function quoted(expression: string): string {
  return canBackquote(expression) ? `\`${expression}\`` : quote(expression);
}
