/** Arithmetic with moments. */
import { wrapped } from "../cast.ts";
import { daysOfDate } from "./calendar.ts";
import { roundDuration, SECOND } from "./duration.ts";
import { civilTimeIn, type Instant } from "./format.ts";
import { UTC } from "./zone.ts";

/** Seconds from the first of January of the year 1 to 1970. */
const YEAR_ONE = 62_135_596_800n;

/** Go's zero time: the first of January of the year 1. */
export const ZERO_TIME: Instant = { seconds: -YEAR_ONE, nanoseconds: 0, zone: UTC };

/** The moment so many milliseconds after the Unix epoch, in the local zone. */
export function instantOfMilliseconds(milliseconds: number): Instant {
  const seconds = Math.floor(milliseconds / 1000);
  return { seconds: BigInt(seconds), nanoseconds: Math.round((milliseconds - seconds * 1000) * 1e6), zone: UTC };
}

/** Nanoseconds since the Unix epoch, of any size. */
export function nanosecondsSinceEpoch(instant: Instant): bigint {
  return instant.seconds * SECOND + BigInt(instant.nanoseconds);
}

/** The moment so many nanoseconds later. */
export function addNanoseconds(instant: Instant, nanoseconds: bigint): Instant {
  const total = nanosecondsSinceEpoch(instant) + nanoseconds;
  const rest = ((total % SECOND) + SECOND) % SECOND;
  return { seconds: wrapped((total - rest) / SECOND), nanoseconds: Number(rest), zone: instant.zone };
}

/** The same time of day so many years, months and days later; a day that a month has not goes on into the next. */
export function addDate(instant: Instant, years: number, months: number, days: number): Instant {
  const civil = civilTimeIn(instant);
  const moved = daysOfDate(civil.year + years, civil.month + months, 1) + civil.day - 1 + days;
  const clock = BigInt(moved) * 86_400n + BigInt(civil.hour * 3600 + civil.minute * 60 + civil.second);
  const offset = instant.zone.offsetAt(instant.seconds).seconds;
  return { ...instant, seconds: wrapped(clock - BigInt(offset)) };
}

/** Nanoseconds from `other` to a moment, at the ends of Go's range if beyond. */
export function nanosecondsBetween(instant: Instant, other: Instant): bigint {
  const difference = nanosecondsSinceEpoch(instant) - nanosecondsSinceEpoch(other);
  const limit = 1n << 63n;
  return difference >= limit ? limit - 1n : difference < -limit ? -limit : difference;
}

/** -1, 0 or 1: before, at or after `other`. */
export function compareInstants(instant: Instant, other: Instant): -1 | 0 | 1 {
  const difference = nanosecondsSinceEpoch(instant) - nanosecondsSinceEpoch(other);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Down to a multiple of `unit` nanoseconds since the year 1. */
export function truncateInstant(instant: Instant, unit: bigint): Instant {
  return unit <= 0n ? instant : addNanoseconds(instant, -restOf(instant, unit));
}

/** To the nearest multiple of `unit` nanoseconds since the year 1, half up. */
export function roundInstant(instant: Instant, unit: bigint): Instant {
  if (unit <= 0n) return instant;
  const rest = restOf(instant, unit);
  return addNanoseconds(instant, roundDuration(rest, unit) - rest);
}

function restOf(instant: Instant, unit: bigint): bigint {
  const total = nanosecondsSinceEpoch(instant) + YEAR_ONE * SECOND;
  return ((total % unit) + unit) % unit;
}
