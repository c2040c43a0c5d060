/** Go's `time.Time` with the methods that templates call. */
import { GoError, GoFunction, GoNumber, GoSlice, GoStruct, type GoValue, type Methods } from "../../go-value.ts";
import { asInt, asString } from "../define.ts";
import { int64 } from "../int64.ts";
import { type CivilTime, MONTHS, WEEKDAYS } from "./calendar.ts";
import { durationValue, nanosecondsOf } from "./duration-value.ts";
import { civilTimeIn, formatInstant, type Instant, RFC3339_NANO } from "./format.ts";
import {
  addDate,
  addNanoseconds,
  compareInstants,
  nanosecondsBetween,
  nanosecondsSinceEpoch,
  roundInstant,
  truncateInstant,
  ZERO_TIME,
} from "./instant.ts";
import { UTC, type Zone } from "./zone.ts";

/** A `time.Time`. */
export function timeValue(instant: Instant): GoStruct {
  return new GoStruct({
    type: "time.Time",
    native: instant,
    print: () => printed(instant),
    methods: {
      ...readingMethods(instant),
      ...epochMethods(instant),
      ...arithmeticMethods(instant),
      ...comparingMethods(instant),
      ...textMethods(instant),
      ...manyResults(),
    },
  });
}

/** The moment of a `time.Time`; `undefined` for any other value. */
export function timeOf(value: GoValue): Instant | undefined {
  return value instanceof GoStruct && value.type === "time.Time" ? (value.native as Instant) : undefined;
}

/** The moment of an argument whose parameter is a `time.Time`. */
export function asTime(value: GoValue): Instant {
  return timeOf(value) ?? ZERO_TIME;
}

function printed(instant: Instant): string {
  return formatInstant(instant, "2006-01-02 15:04:05.999999999 -0700 MST");
}

function plain(name: string, result: () => GoValue): [string, GoFunction] {
  return [name, new GoFunction(name, [], result)];
}

function methodsOf(methods: readonly (readonly [string, GoFunction])[]): Methods {
  return Object.fromEntries(methods);
}

function readingMethods(instant: Instant): Methods {
  const reading = (name: string, read: (civil: CivilTime) => number): [string, GoFunction] =>
    plain(name, () => BigInt(read(civilTimeIn(instant))));
  return methodsOf([
    reading("Year", ({ year }) => year),
    reading("Day", ({ day }) => day),
    reading("YearDay", ({ yearDay }) => yearDay),
    reading("Hour", ({ hour }) => hour),
    reading("Minute", ({ minute }) => minute),
    reading("Second", ({ second }) => second),
    plain("Month", () => namedNumber("time.Month", MONTHS, civilTimeIn(instant).month, 1)),
    plain("Weekday", () => namedNumber("time.Weekday", WEEKDAYS, civilTimeIn(instant).weekday, 0)),
    plain("Nanosecond", () => BigInt(instant.nanoseconds)),
    plain("IsDST", () => instant.zone.offsetAt(instant.seconds).isDaylightSaving),
    plain("IsZero", () => compareInstants(instant, ZERO_TIME) === 0),
    plain("Location", () => locationValue(instant.zone)),
  ]);
}

function epochMethods(instant: Instant): Methods {
  return methodsOf([
    plain("Unix", () => int64(instant.seconds)),
    plain("UnixMilli", () => int64(nanosecondsSinceEpoch(instant) / 1_000_000n - borrowed(instant, 1_000_000n))),
    plain("UnixMicro", () => int64(nanosecondsSinceEpoch(instant) / 1000n - borrowed(instant, 1000n))),
    plain("UnixNano", () => int64(nanosecondsSinceEpoch(instant))),
  ]);
}

/** One for a moment before 1970 between two units: they count down, not towards zero. */
function borrowed(instant: Instant, unit: bigint): bigint {
  const nanoseconds = nanosecondsSinceEpoch(instant);
  return nanoseconds < 0n && nanoseconds % unit !== 0n ? 1n : 0n;
}

function arithmeticMethods(instant: Instant): Methods {
  const byDuration = (name: string, change: (nanoseconds: bigint) => Instant): [string, GoFunction] => [
    name,
    new GoFunction(name, ["time.Duration"], ([duration]) => timeValue(change(nanosecondsOf(duration)))),
  ];
  return methodsOf([
    byDuration("Add", (nanoseconds) => addNanoseconds(instant, nanoseconds)),
    byDuration("Truncate", (unit) => truncateInstant(instant, unit)),
    byDuration("Round", (unit) => roundInstant(instant, unit)),
    [
      "AddDate",
      new GoFunction("AddDate", ["int", "int", "int"], ([years, months, days]) =>
        timeValue(addDate(instant, Number(asInt(years)), Number(asInt(months)), Number(asInt(days)))),
      ),
    ],
    [
      "Sub",
      new GoFunction("Sub", ["time.Time"], ([other]) => durationValue(nanosecondsBetween(instant, asTime(other)))),
    ],
    plain("UTC", () => timeValue({ ...instant, zone: UTC })),
    plain("Local", () => timeValue({ ...instant, zone: UTC })),
    ["In", new GoFunction("In", ["*time.Location"], ([location]) => timeValue({ ...instant, zone: asZone(location) }))],
  ]);
}

function comparingMethods(instant: Instant): Methods {
  const comparing = (name: string, result: (order: -1 | 0 | 1) => GoValue): [string, GoFunction] => [
    name,
    new GoFunction(name, ["time.Time"], ([other]) => result(compareInstants(instant, asTime(other)))),
  ];
  return methodsOf([
    comparing("After", (order) => order > 0),
    comparing("Before", (order) => order < 0),
    comparing("Equal", (order) => order === 0),
    comparing("Compare", (order) => BigInt(order)),
  ]);
}

function textMethods(instant: Instant): Methods {
  return methodsOf([
    ["Format", new GoFunction("Format", ["string"], ([layout]) => formatInstant(instant, asString(layout)))],
    plain("String", () => printed(instant)),
    plain("MarshalText", () => bytesOfText(marshalled(instant, "MarshalText"))),
    plain("MarshalJSON", () => bytesOfText(`"${marshalled(instant, "MarshalJSON")}"`)),
  ]);
}

function marshalled(instant: Instant, method: string): string {
  const { year } = civilTimeIn(instant);
  if (year < 0 || year > 9999) throw new GoError(`Time.${method}: year outside of range [0,9999]`);
  return formatInstant(instant, RFC3339_NANO);
}

function bytesOfText(text: string): GoSlice {
  return new GoSlice(Uint8Array.from(Buffer.from(text, "latin1")));
}

/** Methods that a template cannot call, as they have several results. */
function manyResults(): Methods {
  const counts = { Clock: 3, Date: 3, ISOWeek: 2, Zone: 2, ZoneBounds: 2 };
  return methodsOf(
    Object.entries(counts).map(([name, count]) =>
      plain(name, () => {
        throw new GoError(`can't call method/function "${name}" with ${count} results`);
      }),
    ),
  );
}

function namedNumber(type: string, names: readonly string[], value: number, first: 0 | 1): GoNumber {
  return new GoNumber("int", BigInt(value), type, methodsOf([plain("String", () => names[value - first] ?? "")]));
}

function locationValue(zone: Zone): GoStruct {
  return new GoStruct({
    type: "*time.Location",
    native: zone,
    print: () => zone.name,
    methods: methodsOf([plain("String", () => zone.name)]),
  });
}

function asZone(value: GoValue): Zone {
  return value instanceof GoStruct && value.type === "*time.Location" ? (value.native as Zone) : UTC;
}
