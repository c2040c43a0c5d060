/** Sprig's functions of regular expressions; the plain ones panic where the `must` ones give an error. */
import {
  type CallContext,
  GoError,
  type GoFunction,
  GoSlice,
  type GoValue,
  nilItems,
  type ParameterType,
} from "../../go-value.ts";
import { asInt, asString, define, stringsOf } from "../define.ts";
import { expanded, replacementParts } from "./expand.ts";
import { compilePattern, type Pattern } from "./pattern.ts";

/** What a function does with a compiled expression, the text to look in and its last argument. */
type RegexBody = (pattern: Pattern, text: string, last: GoValue, context: CallContext) => GoValue;

/** Gives the compiled expression; a wrong one `panics` as Go's `MustCompile` does, or is an error. */
type Compile = (expression: string, panics: boolean, context: CallContext) => Pattern;

/** Steps of work for each byte of an expression that is compiled. */
const COMPILE_STEPS = 8;

/** Compiled expressions that are kept. */
const CACHE_SIZE = 100;

/** The functions by their names in sprig. They share the expressions that they compiled last. */
export function regexFunctions(): GoFunction[] {
  const cache = new Map<string, Pattern>();
  const compile: Compile = (expression, panics, context) => {
    const cached = cache.get(expression);
    if (cached !== undefined) return cached;
    context.spend(expression.length * COMPILE_STEPS);
    const pattern = compilePattern(expression, panics);
    if (cache.size >= CACHE_SIZE) cache.clear();
    cache.set(expression, pattern);
    return pattern;
  };
  const both = (name: string, last: ParameterType, body: RegexBody): GoFunction[] =>
    [name, `mustR${name.slice(1)}`].map((fullName) =>
      define(fullName, ["string", "string", last], ([expression, text, argument], context) =>
        body(compile(asString(expression), fullName === name, context), asString(text), argument, context),
      ),
    );
  return [
    ...matchFunctions(compile),
    ...both("regexFindAll", "int", (pattern, text, count, context) => findAll(pattern, text, asInt(count), context)),
    ...both("regexReplaceAll", "string", (pattern, text, template, context) => {
      const parts = replacementParts(asString(template));
      return pattern.replaceAll(text, context, (match) => expanded(parts, match, text, pattern.groupNames));
    }),
    ...both("regexReplaceAllLiteral", "string", (pattern, text, literal, context) =>
      pattern.replaceAll(text, context, () => asString(literal)),
    ),
    ...both("regexSplit", "int", (pattern, text, count, context) => split(pattern, text, asInt(count), context)),
    define("regexQuoteMeta", ["string"], ([text]) => asString(text).replace(/[\\.+*?()|[\]{}^$]/g, "\\$&")),
  ];
}

/** `regexMatch`, which takes a wrong expression for one that does not match, and `regexFind`. */
function matchFunctions(compile: Compile): GoFunction[] {
  const matches = ([expression, text]: readonly GoValue[], context: CallContext): boolean =>
    compile(asString(expression), false, context).isMatch(asString(text), context);
  const find = ([expression, text]: readonly GoValue[], context: CallContext, panics: boolean): string => {
    const [match] = compile(asString(expression), panics, context).matches(asString(text), context, 1);
    return match === undefined ? "" : asString(text).slice(match[0], match[1]);
  };
  return [
    define("regexMatch", ["string", "string"], (args, context) => {
      try {
        return matches(args, context);
      } catch (error) {
        if (error instanceof GoError) return false;
        throw error;
      }
    }),
    define("mustRegexMatch", ["string", "string"], matches),
    define("regexFind", ["string", "string"], (args, context) => find(args, context, true)),
    define("mustRegexFind", ["string", "string"], (args, context) => find(args, context, false)),
  ];
}

function findAll(pattern: Pattern, text: string, count: bigint, context: CallContext): GoSlice {
  const matches = count === 0n ? [] : pattern.matches(text, context, count < 0n ? undefined : Number(count));
  if (matches.length === 0) return nilStrings();
  return stringsOf(matches.map((match) => text.slice(match[0], match[1])));
}

function nilStrings(): GoSlice {
  return new GoSlice(nilItems, "string");
}

/** At most `count` parts, all if it is negative. */
function split(pattern: Pattern, text: string, count: bigint, context: CallContext): GoSlice {
  if (count === 0n) return nilStrings();
  if (text === "" && !pattern.isEmpty) return stringsOf([""]);
  const most = count < 0n ? Number.POSITIVE_INFINITY : Number(count);
  const parts: string[] = [];
  let begin = 0;
  let end = 0;
  for (const match of pattern.matches(text, context, most)) {
    if (parts.length === most - 1) break;
    end = match[0] ?? 0;
    const next = match[1] ?? 0;
    if (next !== 0) parts.push(text.slice(begin, end));
    begin = next;
  }
  if (end !== text.length) parts.push(text.slice(begin));
  return stringsOf(parts);
}
