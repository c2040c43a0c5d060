/** Sprig's functions of dictionaries. */
import { typeName } from "../fmt/index.ts";
import { GoError, type GoFunction, GoMap, type GoValue } from "../go-value.ts";
import { asDict, asString, define, listOf, stringsOf } from "./define.ts";
import { merge } from "./merge.ts";
import { strval } from "./text-value.ts";

const any = "interface {}";
const map = "map[string]interface {}";

/** The functions by their names in sprig. */
export function dictFunctions(): GoFunction[] {
  return [...entryFunctions(), ...wholeDictFunctions()];
}

function entryFunctions(): GoFunction[] {
  return [
    define("dict", [], dict, any),
    define("get", [map, "string"], ([dict, key]) => {
      const { entries } = asDict(dict);
      return entries.has(asString(key)) ? entries.get(asString(key)) : "";
    }),
    define("set", [map, "string", any], ([dict, key, value]) => {
      asDict(dict).entries.set(asString(key), value ?? null);
      return dict;
    }),
    define("unset", [map, "string"], ([dict, key]) => {
      asDict(dict).entries.delete(asString(key));
      return dict;
    }),
    define("hasKey", [map, "string"], ([dict, key]) => asDict(dict).entries.has(asString(key))),
    define("dig", [], dig, any),
  ];
}

function wholeDictFunctions(): GoFunction[] {
  return [
    define("pluck", ["string"], pluck, map),
    define("keys", [], (dicts) => stringsOf(dicts.flatMap((dict) => sortedKeys(asDict(dict)))), map),
    define("values", [map], ([dict]) => {
      const { entries } = asDict(dict);
      return listOf(sortedKeys(asDict(dict)).map((key) => entries.get(key)));
    }),
    define("pick", [map], ([dict, ...keys]) => filtered(asDict(dict), (key) => keys.includes(key)), "string"),
    define("omit", [map], ([dict, ...keys]) => filtered(asDict(dict), (key) => !keys.includes(key)), "string"),
    ...mergeFunctions("merge", "mustMerge", false),
    ...mergeFunctions("mergeOverwrite", "mustMergeOverwrite", true),
  ];
}

/** The plain function gives an empty text where the other one gives an error. */
function mergeFunctions(name: string, mustName: string, overwrites: boolean): GoFunction[] {
  return [
    define(
      name,
      [map],
      (args, context) => {
        try {
          return merge(args.map(asDict), overwrites, context);
        } catch (error) {
          if (error instanceof GoError) return "";
          throw error;
        }
      },
      map,
    ),
    define(mustName, [map], (args, context) => merge(args.map(asDict), overwrites, context), map),
  ];
}

/** Keys and values in turn; a last key without value gets an empty text. */
function dict(args: readonly GoValue[]): GoMap {
  const entries = new Map<string, GoValue>();
  for (let index = 0; index < args.length; index += 2) {
    entries.set(strval(args[index]), index + 1 < args.length ? (args[index + 1] ?? null) : "");
  }
  return new GoMap(entries);
}

function pluck([key, ...dicts]: readonly GoValue[]): GoValue {
  const wanted = asString(key);
  return listOf(
    dicts
      .map((dict) => asDict(dict).entries)
      .filter((entries) => entries.has(wanted))
      .map((entries) => entries.get(wanted)),
  );
}

/** Keys in order, where Go has none. */
function sortedKeys(dict: GoMap): string[] {
  return [...dict.entries.keys()].sort();
}

function filtered(dict: GoMap, isKept: (key: string) => boolean): GoMap {
  return new GoMap(new Map([...dict.entries].filter(([key]) => isKept(key))));
}

/** Keys, a default, and the dictionary to look in, level by level. */
function dig(args: readonly GoValue[]): GoValue {
  if (args.length < 3) throw new GoError("dig needs at least three arguments");
  let current = dictIn(args.at(-1));
  const keys = args.slice(0, -2).map(keyIn);
  for (const [index, key] of keys.entries()) {
    if (!current.entries.has(key)) return args.at(-2);
    const value = current.entries.get(key);
    if (index === keys.length - 1) return value;
    current = dictIn(value);
  }
  return current;
}

function dictIn(value: GoValue): GoMap {
  if (value instanceof GoMap && value.element === any) return value;
  throw conversionFailure(value, map);
}

function keyIn(value: GoValue): string {
  if (typeof value === "string") return value;
  throw conversionFailure(value, "string");
}

function conversionFailure(value: GoValue, wanted: string): GoError {
  const type = value === null || value === undefined ? "nil" : typeName(value);
  return new GoError(`interface conversion: interface {} is ${type}, not ${wanted}`);
}
