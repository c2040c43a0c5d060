/** Go's `time.Duration` with the methods that templates call. */
import { GoFunction, GoNumber, type GoValue, type Methods } from "../../go-value.ts";
import { wrapped } from "../cast.ts";
import { int64 } from "../int64.ts";
import { formatDuration, HOUR, MINUTE, roundDuration, SECOND } from "./duration.ts";

/** A duration of so many nanoseconds. */
export function durationValue(nanoseconds: bigint): GoNumber {
  return new GoNumber("int64", nanoseconds, "time.Duration", durationMethods(nanoseconds));
}

/** The nanoseconds of an argument whose parameter is a `time.Duration`. */
export function nanosecondsOf(value: GoValue): bigint {
  if (value instanceof GoNumber) return BigInt(value.value);
  return typeof value === "bigint" ? value : 0n;
}

function durationMethods(nanoseconds: bigint): Methods {
  const plain = (name: string, result: () => GoValue): GoFunction => new GoFunction(name, [], result);
  const ofUnit = (name: string, result: (unit: bigint) => bigint): GoFunction =>
    new GoFunction(name, ["time.Duration"], ([unit]) => durationValue(result(nanosecondsOf(unit))));
  const magnitude = nanoseconds < 0n ? wrapped(-nanoseconds) : nanoseconds;
  return {
    String: plain("String", () => formatDuration(nanoseconds)),
    Hours: plain("Hours", () => inUnits(nanoseconds, HOUR)),
    Minutes: plain("Minutes", () => inUnits(nanoseconds, MINUTE)),
    Seconds: plain("Seconds", () => inUnits(nanoseconds, SECOND)),
    Milliseconds: plain("Milliseconds", () => int64(nanoseconds / 1_000_000n)),
    Microseconds: plain("Microseconds", () => int64(nanoseconds / 1000n)),
    Nanoseconds: plain("Nanoseconds", () => int64(nanoseconds)),
    Abs: plain("Abs", () => durationValue(magnitude < 0n ? (1n << 63n) - 1n : magnitude)),
    Truncate: ofUnit("Truncate", (unit) => (unit <= 0n ? nanoseconds : nanoseconds - (nanoseconds % unit))),
    Round: ofUnit("Round", (unit) => roundDuration(nanoseconds, unit)),
  };
}

/** Whole units and the rest apart, as Go adds them up. */
function inUnits(nanoseconds: bigint, unit: bigint): number {
  return Number(nanoseconds / unit) + Number(nanoseconds % unit) / Number(unit);
}
