/** Times by a layout, as Go's `Time.Format` writes them. */
import { type CivilTime, civilTimeOf, MONTHS, WEEKDAYS } from "./calendar.ts";
import { isFraction, isNumericZone, layoutParts } from "./layout.ts";
import type { Zone, ZoneOffset } from "./zone.ts";

/** A moment and the zone that it is shown in. */
export interface Instant {
  /** Since the Unix epoch. */
  readonly seconds: bigint;
  /** 0 to 999,999,999. */
  readonly nanoseconds: number;
  readonly zone: Zone;
}

/** `2006-01-02T15:04:05.999999999Z07:00` */
export const RFC3339_NANO = "2006-01-02T15:04:05.999999999Z07:00";

/** The time by the layout; what is no element of it stays. */
export function formatInstant(instant: Instant, layout: string): string {
  const offset = instant.zone.offsetAt(instant.seconds);
  const civil = civilTimeOf(instant.seconds + BigInt(offset.seconds));
  return layoutParts(layout)
    .map(({ prefix, element }) => prefix + formatElement(element, civil, offset, instant.nanoseconds))
    .join("");
}

/** A clock's reading of a time, with its offset. */
export function civilTimeIn(instant: Instant): CivilTime {
  return civilTimeOf(instant.seconds + BigInt(instant.zone.offsetAt(instant.seconds).seconds));
}

function formatElement(element: string, civil: CivilTime, offset: ZoneOffset, nanoseconds: number): string {
  const simple = Object.hasOwn(SIMPLE, element) ? SIMPLE[element] : undefined;
  if (simple !== undefined) return simple(civil);
  if (element === "MST") return offset.abbreviation || numericOffset("-0700", offset.seconds);
  if (isNumericZone(element)) return numericOffset(element, offset.seconds);
  return isFraction(element) ? fraction(element, nanoseconds) : "";
}

const hour12 = (civil: CivilTime): number => civil.hour % 12 || 12;

const SIMPLE: Readonly<Record<string, (civil: CivilTime) => string>> = {
  "2006": ({ year }) => padded(year, 4),
  "06": ({ year }) => padded(Math.abs(year) % 100, 2),
  January: ({ month }) => MONTHS[month - 1] ?? "",
  Jan: ({ month }) => (MONTHS[month - 1] ?? "").slice(0, 3),
  "1": ({ month }) => String(month),
  "01": ({ month }) => padded(month, 2),
  Monday: ({ weekday }) => WEEKDAYS[weekday] ?? "",
  Mon: ({ weekday }) => (WEEKDAYS[weekday] ?? "").slice(0, 3),
  "2": ({ day }) => String(day),
  _2: ({ day }) => String(day).padStart(2),
  "02": ({ day }) => padded(day, 2),
  __2: ({ yearDay }) => String(yearDay).padStart(3),
  "002": ({ yearDay }) => padded(yearDay, 3),
  "15": ({ hour }) => padded(hour, 2),
  "3": (civil) => String(hour12(civil)),
  "03": (civil) => padded(hour12(civil), 2),
  "4": ({ minute }) => String(minute),
  "04": ({ minute }) => padded(minute, 2),
  "5": ({ second }) => String(second),
  "05": ({ second }) => padded(second, 2),
  PM: ({ hour }) => (hour >= 12 ? "PM" : "AM"),
  pm: ({ hour }) => (hour >= 12 ? "pm" : "am"),
};

function padded(value: number, width: number): string {
  const digits = String(Math.abs(value)).padStart(width, "0");
  return value < 0 ? `-${digits}` : digits;
}

/** `+0100`; elements with Z write UTC as `Z`. */
function numericOffset(element: string, seconds: number): string {
  if (element.startsWith("Z") && seconds === 0) return "Z";
  const colon = element.includes(":") ? ":" : "";
  const minutes = Math.trunc(seconds / 60);
  const magnitude = Math.abs(minutes);
  const digits = element.replace(/[^0-9]/g, "").length;
  let text = (minutes < 0 ? "-" : "+") + padded(Math.trunc(magnitude / 60), 2);
  if (digits >= 4) text += colon + padded(magnitude % 60, 2);
  // Below a minute west of Greenwich Go takes the sign of the minutes, and loses none of the seconds' sign.
  if (digits >= 6) text += colon + padded((minutes < 0 ? -seconds : seconds) % 60, 2);
  return text;
}

/** `.000` has that many digits, `.999` no zeros at the end. */
function fraction(element: string, nanoseconds: number): string {
  const width = element.length - 1;
  const isTrimmed = element.charAt(1) === "9";
  if (isTrimmed && nanoseconds === 0) return "";
  const digits = padded(nanoseconds, 9).slice(0, width);
  if (!isTrimmed) return element.charAt(0) + digits;
  const trimmed = digits.replace(/0+$/, "");
  return trimmed === "" ? "" : element.charAt(0) + trimmed;
}
