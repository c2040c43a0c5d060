/** Numbers of any value, as spf13/cast makes them: what is no number is 0. */
import { GoNumber, type GoValue } from "../go-value.ts";
import { parseFloat64, parseInteger } from "./parse-number.ts";

/** `cast.ToInt64`, and `cast.ToInt`, as Go's `int` has 64 bits here. */
export function toInt64(value: GoValue): bigint {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return truncated(value);
  if (typeof value === "boolean") return value ? 1n : 0n;
  if (typeof value === "string") return integerOf(value);
  if (!isPlainNumber(value)) return 0n;
  return typeof value.value === "bigint" ? wrapped(value.value) : truncated(value.value);
}

/** `cast.ToFloat64`. */
export function toFloat64(value: GoValue): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "string") return parseFloat64(value) ?? 0;
  return isPlainNumber(value) ? Number(value.value) : 0;
}

/** 64 bits with a sign, as Go's arithmetic wraps. */
export function wrapped(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}

const MIN_INT64 = -(2n ** 63n);

/** `int64(float)` as amd64 converts: what does not fit is the least integer. */
export function truncated(value: number): bigint {
  return Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(value)) : MIN_INT64;
}

/** Numbers of unnamed types, and the two named ones that cast knows. */
function isPlainNumber(value: GoValue): value is GoNumber {
  if (!(value instanceof GoNumber)) return false;
  return value.type === value.kind || value.type === "time.Month" || value.type === "time.Weekday";
}

/** As cast reads texts: decimals are left out, then Go's integer syntax with prefixes. */
function integerOf(text: string): bigint {
  const whole = /^([-+]?[0-9]*)\.[0-9]*$/.exec(text)?.[1];
  const { value, fault } = parseInteger(whole === undefined ? text : /[0-9]/.test(whole) ? whole : `${whole}0`, 0);
  return fault === undefined ? value : 0n;
}
