/** Sprig's functions of dates and durations. The local zone is UTC. */
import { type CallContext, type GoFunction, GoNumber, type GoValue } from "../go-value.ts";
import { wrapped } from "./cast.ts";
import { asString, define, defineAll } from "./define.ts";
import { parseInteger } from "./parse-number.ts";
import {
  formatDuration,
  HOUR,
  MINUTE,
  parseDuration,
  roundDuration,
  SECOND,
  tryParseDuration,
} from "./time/duration.ts";
import { formatInstant, type Instant } from "./time/format.ts";
import { addNanoseconds, instantOfMilliseconds, nanosecondsBetween, ZERO_TIME } from "./time/instant.ts";
import { parseTime, tryParseTime } from "./time/parse.ts";
import { asTime, timeOf, timeValue } from "./time/time-value.ts";
import { loadZone, UTC, type Zone } from "./time/zone.ts";

/** The functions by their names in sprig. */
export function dateFunctions(): GoFunction[] {
  return [...formattingFunctions(), ...changingFunctions(), ...durationFunctions()];
}

const HTML_DATE = "2006-01-02";

function formattingFunctions(): GoFunction[] {
  const any = "interface {}";
  const zones = new Map<string, Zone>();
  const zoneNamed = (name: string): Zone => {
    const zone = zones.get(name) ?? loadZone(name) ?? UTC;
    if (zones.size < MAX_ZONES) zones.set(name, zone);
    return zone;
  };
  const inZone = (layout: string, date: GoValue, zone: string, context: CallContext): string => {
    context.spend(layout.length);
    return formatInstant({ ...instantOfDate(date, context), zone: zoneNamed(zone) }, layout);
  };
  return [
    define("date", ["string", any], ([layout, date], context) => inZone(asString(layout), date, "", context)),
    ...defineAll(["dateInZone", "date_in_zone"], ["string", any, "string"], ([layout, date, zone], context) =>
      inZone(asString(layout), date, asString(zone), context),
    ),
    define("htmlDate", [any], ([date], context) => inZone(HTML_DATE, date, "", context)),
    define("htmlDateInZone", [any, "string"], ([date, zone], context) =>
      inZone(HTML_DATE, date, asString(zone), context),
    ),
    define("unixEpoch", ["time.Time"], ([date]) => String(asTime(date).seconds)),
  ];
}

/** Zones that are kept; there are about 600. */
const MAX_ZONES = 100;

/** A time, or seconds since the epoch as `int`, `int64` or `int32`; anything else is now. */
function instantOfDate(date: GoValue, context: CallContext): Instant {
  const time = timeOf(date);
  if (time !== undefined) return time;
  if (typeof date === "bigint") return { seconds: date, nanoseconds: 0, zone: UTC };
  if (date instanceof GoNumber && (date.type === "int64" || date.type === "int32")) {
    return { seconds: BigInt(date.value), nanoseconds: 0, zone: UTC };
  }
  return instantOfMilliseconds(context.now());
}

function changingFunctions(): GoFunction[] {
  return [
    define("now", [], (_, context) => timeValue(instantOfMilliseconds(context.now()))),
    define("toDate", ["string", "string"], ([layout, text]) =>
      timeValue(tryParseTime(asString(layout), asString(text)) ?? ZERO_TIME),
    ),
    define("mustToDate", ["string", "string"], ([layout, text]) =>
      timeValue(parseTime(asString(layout), asString(text))),
    ),
    ...defineAll(["dateModify", "date_modify"], ["string", "time.Time"], ([change, date]) => {
      const nanoseconds = tryParseDuration(asString(change));
      return nanoseconds === undefined ? date : timeValue(addNanoseconds(asTime(date), nanoseconds));
    }),
    ...defineAll(["mustDateModify", "must_date_modify"], ["string", "time.Time"], ([change, date]) =>
      timeValue(addNanoseconds(asTime(date), parseDuration(asString(change), 0))),
    ),
  ];
}

function durationFunctions(): GoFunction[] {
  const any = "interface {}";
  return [
    define("ago", [any], ([date], context) => {
      // A float or an int32 is not known here, other than by `date`.
      const isSeconds = typeof date === "bigint" || (date instanceof GoNumber && date.type === "int64");
      const instant =
        isSeconds || timeOf(date) !== undefined ? instantOfDate(date, context) : instantOfDate(null, context);
      return formatDuration(roundDuration(nanosecondsSince(instant, context), SECOND));
    }),
    define("duration", [any], ([seconds]) => formatDuration(wrapped(secondsOf(seconds) * SECOND))),
    define("durationRound", [any], ([duration], context) => durationRound(durationOf(duration, context))),
  ];
}

function nanosecondsSince(instant: Instant, context: CallContext): bigint {
  return nanosecondsBetween(instantOfMilliseconds(context.now()), instant);
}

/** Only texts and `int64` count; an `int` is no seconds, as in sprig. */
function secondsOf(value: GoValue): bigint {
  if (typeof value === "string") return parseInteger(value, 10).value;
  return value instanceof GoNumber && value.type === "int64" ? BigInt(value.value) : 0n;
}

function durationOf(value: GoValue, context: CallContext): bigint {
  if (typeof value === "string") return tryParseDuration(value) ?? 0n;
  if (value instanceof GoNumber && value.type === "int64") return BigInt(value.value);
  const time = timeOf(value);
  return time === undefined ? 0n : nanosecondsSince(time, context);
}

const ROUNDING: readonly (readonly [bigint, string])[] = [
  [HOUR * 24n * 365n, "y"],
  [HOUR * 24n * 30n, "mo"],
  [HOUR * 24n, "d"],
  [HOUR, "h"],
  [MINUTE, "m"],
  [SECOND, "s"],
];

/** The greatest unit that the duration is more than one of. */
function durationRound(nanoseconds: bigint): string {
  const magnitude = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  const found = ROUNDING.find(([unit]) => magnitude > unit);
  return found === undefined ? "0s" : `${magnitude / found[0]}${found[1]}`;
}
