/** Texts as times by a layout, as Go's `time.ParseInLocation` reads them in UTC. */
import { GoError } from "../../go-value.ts";
import { LEFT_OUT } from "../define.ts";
import { daysInMonth, daysOfDate, isLeapYear } from "./calendar.ts";
import type { Instant } from "./format.ts";
import { isFraction, layoutParts } from "./layout.ts";
import { type Fields, type Outcome, readElement } from "./parse-element.ts";
import { goQuote } from "./quote.ts";
import { fixedZone, UTC, type Zone } from "./zone.ts";

/** What is wrong: a text that cannot be read as an element of the layout, a text left over, or something out of range. */
type Fault =
  | { readonly kind: "unreadable"; readonly text: string; readonly element: string }
  | { readonly kind: "extra"; readonly text: string }
  | { readonly kind: "range"; readonly message: string };

/**
 * Reads a time; arguments 0 and 1 of the call are the layout and the text.
 * @throws GoError
 */
export function parseTime(layout: string, text: string): Instant {
  const parsed = timeOrFault(layout, text);
  if ("seconds" in parsed) return parsed;
  throw new GoError((isLiteral) => describe(parsed, layout, text, isLiteral));
}

/** As `parseTime`, but `undefined` where that throws. */
export function tryParseTime(layout: string, text: string): Instant | undefined {
  const parsed = timeOrFault(layout, text);
  return "seconds" in parsed ? parsed : undefined;
}

function describe(fault: Fault, layout: string, text: string, isLiteral: (argument: number) => boolean): string {
  const ofLayout = (part: string): string => (isLiteral(0) ? goQuote(part) : `"${LEFT_OUT}"`);
  const ofText = (part: string): string => (isLiteral(1) ? goQuote(part) : `"${LEFT_OUT}"`);
  const start = `parsing time ${ofText(text)}`;
  if (fault.kind === "range") return `${start}: ${fault.message}`;
  if (fault.kind === "extra") return `${start}: extra text: ${ofText(fault.text)}`;
  return `${start} as ${ofLayout(layout)}: cannot parse ${ofText(fault.text)} as ${ofLayout(fault.element)}`;
}

function timeOrFault(layout: string, text: string): Instant | Fault {
  const fields: Fields = {};
  const parts = layoutParts(layout);
  let rest = text;
  for (const [index, { prefix, element }] of parts.entries()) {
    const skipped = skipPrefix(rest, prefix);
    if (skipped.isWrong) return { kind: "unreadable", text: skipped.rest, element: prefix };
    rest = skipped.rest;
    if (element === "") continue;
    const isFractionNext = isFraction(parts[index + 1]?.element ?? "");
    const outcome = readElement(element, rest, fields, isFractionNext);
    const fault = faultOf(outcome, element, rest);
    if (fault !== undefined) return fault;
    rest = outcome.rest;
  }
  if (rest !== "") return { kind: "extra", text: rest };
  return instantOf(fields);
}

function faultOf(outcome: Outcome, element: string, text: string): Fault | undefined {
  if (outcome.outOfRange !== undefined) return { kind: "range", message: `${outcome.outOfRange} out of range` };
  return outcome.isWrong ? { kind: "unreadable", text, element } : undefined;
}

/** Goes over a layout's plain text; a run of spaces in it stands for any run of spaces, also none at the end. */
function skipPrefix(text: string, prefix: string): { readonly rest: string; readonly isWrong: boolean } {
  let rest = text;
  let expected = prefix;
  while (expected !== "") {
    if (expected.startsWith(" ")) {
      if (rest !== "" && !rest.startsWith(" ")) return { rest, isWrong: true };
      expected = expected.replace(/^ +/, "");
      rest = rest.replace(/^ +/, "");
      continue;
    }
    if (rest === "" || rest.charAt(0) !== expected.charAt(0)) return { rest, isWrong: true };
    expected = expected.slice(1);
    rest = rest.slice(1);
  }
  return { rest, isWrong: false };
}

function instantOf(fields: Fields): Instant | Fault {
  const date = dateOf(fields);
  if ("kind" in date) return date;
  const { year = 0, minute = 0, second = 0, nanoseconds = 0 } = fields;
  const days = daysOfDate(year, date.month, date.day);
  const clock = BigInt(days) * 86_400n + BigInt(hourOf(fields) * 3600 + minute * 60 + second);
  const { zone, seconds } = zoneOf(fields);
  return { seconds: clock - BigInt(seconds), nanoseconds, zone };
}

function hourOf({ hour = 0, half }: Fields): number {
  if (half === "PM" && hour < 12) return hour + 12;
  return half === "AM" && hour === 12 ? 0 : hour;
}

/** Month and day, from the day of the year if that is given. */
function dateOf(fields: Fields): { readonly month: number; readonly day: number } | Fault {
  const { year = 0, yearDay } = fields;
  if (yearDay !== undefined) return dateOfYearDay(fields, yearDay);
  const { month = 1, day = 1 } = fields;
  if (day < 1 || day > daysInMonth(year, month)) return outOfRange("day");
  return { month, day };
}

function dateOfYearDay(fields: Fields, yearDay: number): { readonly month: number; readonly day: number } | Fault {
  const { year = 0 } = fields;
  if (yearDay < 1 || yearDay > (isLeapYear(year) ? 366 : 365)) return outOfRange("day-of-year");
  let month = 1;
  let day = yearDay;
  while (day > daysInMonth(year, month)) day -= daysInMonth(year, month++);
  if (fields.month !== undefined && fields.month !== month) return mismatch("month");
  if (fields.day !== undefined && fields.day !== day) return mismatch("day");
  return { month, day };
}

function outOfRange(what: string): Fault {
  return { kind: "range", message: `${what} out of range` };
}

function mismatch(what: string): Fault {
  return { kind: "range", message: `day-of-year does not match ${what}` };
}

/** The zone of the text: by offset, else by abbreviation, of which only UTC and `GMT+3` are known here. */
function zoneOf({ isUtc, offset, abbreviation = "" }: Fields): { readonly zone: Zone; readonly seconds: number } {
  if (isUtc === true) return { zone: UTC, seconds: 0 };
  if (offset !== undefined) {
    const isLocal = offset === 0 && (abbreviation === "" || abbreviation === "UTC");
    return { zone: isLocal ? UTC : fixedZone(abbreviation, offset), seconds: offset };
  }
  if (abbreviation === "") return { zone: UTC, seconds: 0 };
  const hours = abbreviation.startsWith("GMT") ? Number(abbreviation.slice(3) || "0") : 0;
  return { zone: fixedZone(abbreviation, hours * 3600), seconds: 0 };
}
