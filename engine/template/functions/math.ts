/** Sprig's functions of numbers. Integers have 64 bits and wrap; floats are added and multiplied as decimals. */
import { sprint } from "../fmt/index.ts";
import { type CallContext, GoError, type GoFunction, type GoNumber, type GoValue } from "../go-value.ts";
import { toFloat64, toInt64, wrapped } from "./cast.ts";
import { add, type Decimal, decimalOf, divide, floatOf, multiply, subtract } from "./decimal.ts";
import { asFloat, asInt, asString, define, defineAll } from "./define.ts";
import { int64 } from "./int64.ts";
import { parseInteger } from "./parse-number.ts";
import { randomBelow } from "./random-numbers.ts";
import { round } from "./round.ts";

/** The functions by their names in sprig. */
export function mathFunctions(): GoFunction[] {
  return [...conversions(), ...integerArithmetic(), ...floatArithmetic(), ...comparisons()];
}

function conversions(): GoFunction[] {
  return [
    define("atoi", ["string"], ([text]) => parseInteger(asString(text), 10).value),
    define("int", ["interface {}"], ([value]) => toInt64(value)),
    define("int64", ["interface {}"], ([value]) => int64(toInt64(value))),
    define("float64", ["interface {}"], ([value]) => toFloat64(value)),
    define("toDecimal", ["interface {}"], ([value]) => {
      const { value: parsed, fault } = parseInteger(sprint([value]), 8);
      return int64(fault === undefined ? parsed : 0n);
    }),
    define("randInt", ["int", "int"], ([least, limit], context) => randInt(asInt(least), asInt(limit), context)),
  ];
}

function integerArithmetic(): GoFunction[] {
  const any = "interface {}";
  return [
    define("add1", [any], ([value]) => int64(toInt64(value) + 1n)),
    define("add", [], (args) => int64(args.reduce<bigint>((sum, value) => sum + toInt64(value), 0n)), any),
    define("sub", [any, any], ([a, b]) => int64(toInt64(a) - toInt64(b))),
    define("div", [any, any], ([a, b]) => int64(toInt64(a) / divisor(b))),
    define("mod", [any, any], ([a, b]) => int64(toInt64(a) % divisor(b))),
    define(
      "mul",
      [any],
      (args) => int64(args.reduce<bigint>((product, value) => wrapped(product * toInt64(value)), 1n)),
      any,
    ),
  ];
}

function floatArithmetic(): GoFunction[] {
  const any = "interface {}";
  return [
    define("add1f", [any], ([value]) => calculate(add, [value, 1])),
    define("addf", [], (args) => calculate(add, [0, ...args]), any),
    define("subf", [any], (args) => calculate(subtract, args), any),
    define("mulf", [any], (args) => calculate(multiply, args), any),
    define("divf", [any], (args) => calculate(divide, args), any),
    define("ceil", [any], ([value]) => Math.ceil(toFloat64(value))),
    define("floor", [any], ([value]) => Math.floor(toFloat64(value))),
    define(
      "round",
      [any, "int"],
      ([value, places, roundOn]) =>
        round(toFloat64(value), Number(asInt(places)), roundOn === undefined ? 0.5 : asFloat(roundOn)),
      "float64",
    ),
  ];
}

function comparisons(): GoFunction[] {
  const any = "interface {}";
  return [
    ...defineAll(["max", "biggest"], [any], (args) => chosen(args, (a, b) => b > a), any),
    define("min", [any], (args) => chosen(args, (a, b) => b < a), any),
    define("maxf", [any], (args) => args.map(toFloat64).reduce(greaterFloat), any),
    define("minf", [any], (args) => args.map(toFloat64).reduce(lesserFloat), any),
  ];
}

function divisor(value: GoValue): bigint {
  const number = toInt64(value);
  if (number === 0n) throw new GoError("runtime error: integer divide by zero");
  return number;
}

function calculate(operation: (a: Decimal, b: Decimal) => Decimal, args: readonly GoValue[]): number {
  const [first, ...others] = args;
  const result = others.reduce<Decimal>(
    (value, other) => operation(value, decimalOf(toFloat64(other))),
    decimalOf(toFloat64(first)),
  );
  return floatOf(result);
}

function chosen(args: readonly GoValue[], isBetter: (current: bigint, other: bigint) => boolean): GoNumber {
  return int64(args.map(toInt64).reduce((current, other) => (isBetter(current, other) ? other : current)));
}

/** `math.Max`: +Inf goes before NaN. */
function greaterFloat(a: number, b: number): number {
  const infinite = Number.POSITIVE_INFINITY;
  return a === infinite || b === infinite ? infinite : Math.max(a, b);
}

/** `math.Min`: -Inf goes before NaN. */
function lesserFloat(a: number, b: number): number {
  const infinite = Number.NEGATIVE_INFINITY;
  return a === infinite || b === infinite ? infinite : Math.min(a, b);
}

function randInt(least: bigint, limit: bigint, context: CallContext): bigint {
  const range = wrapped(limit - least);
  if (range <= 0n) throw new GoError("invalid argument to Intn");
  return wrapped(least + randomBelow(range, context));
}
