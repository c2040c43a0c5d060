/** Sprig's sequences of integers: `until`, `untilStep`, `seq`. */
import { type CallContext, type GoFunction, GoSlice } from "../go-value.ts";
import { asInt, define } from "./define.ts";

/** The functions by their names in sprig. */
export function sequenceFunctions(): GoFunction[] {
  return [
    define("until", ["int"], ([count], context) => {
      const stop = asInt(count);
      return ints(steps(0n, stop, stop < 0n ? -1n : 1n, context));
    }),
    define("untilStep", ["int", "int", "int"], ([start, stop, step], context) =>
      ints(steps(asInt(start), asInt(stop), asInt(step), context)),
    ),
    define("seq", [], (args, context) => seq(args.map(asInt), context).join(" "), "int"),
  ];
}

function ints(items: readonly bigint[]): GoSlice {
  return new GoSlice(items, "int");
}

/** From `start` to before `stop`; none if the step leads away from it. */
function steps(start: bigint, stop: bigint, step: bigint, context: CallContext): bigint[] {
  if (stop === start || (stop < start ? step >= 0n : step <= 0n)) return [];
  const distance = stop > start ? stop - start : start - stop;
  const stride = step > 0n ? step : -step;
  context.spend(Number((distance + stride - 1n) / stride));
  const items: bigint[] = [];
  for (let item = start; step > 0n ? item < stop : item > stop; item += step) items.push(item);
  return items;
}

/** As the command of that name: END, START END or START STEP END, with the end. */
function seq(args: readonly bigint[], context: CallContext): bigint[] {
  const [first = 0n, second = 0n, third = 0n] = args;
  if (args.length === 0 || args.length > 3) return [];
  const start = args.length === 1 ? 1n : first;
  const end = args.length === 1 ? first : args.length === 2 ? second : third;
  const direction = end < start ? -1n : 1n;
  const step = args.length === 3 ? second : direction;
  if (direction < 0n && step > 0n) return [];
  return steps(start, end + direction, step, context);
}
