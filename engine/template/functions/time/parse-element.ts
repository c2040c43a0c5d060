/** One element of a layout read from the front of a text. */
import { MONTHS, WEEKDAYS } from "./calendar.ts";
import { isFraction } from "./layout.ts";

/** What was read so far. */
export interface Fields {
  year?: number;
  month?: number;
  day?: number;
  yearDay?: number;
  hour?: number;
  half?: "AM" | "PM";
  minute?: number;
  second?: number;
  nanoseconds?: number;
  /** Seconds east of Greenwich. */
  offset?: number;
  abbreviation?: string;
  isUtc?: boolean;
}

/** What is left of the text, and what was wrong. */
export interface Outcome {
  readonly rest: string;
  readonly isWrong?: boolean;
  /** The field whose value there cannot be. */
  readonly outOfRange?: string | undefined;
}

/** Reads an element into `fields`. `isFractionNext` tells whether the layout itself goes on with a fraction. */
export function readElement(element: string, text: string, fields: Fields, isFractionNext: boolean): Outcome {
  switch (element) {
    case "2006":
    case "06":
      return readYear(element, text, fields);
    case "Jan":
    case "January":
    case "1":
    case "01":
      return readMonth(element, text, fields);
    case "Mon":
    case "Monday":
      return readName(WEEKDAYS, element === "Mon", text)?.outcome ?? wrong(text);
    case "2":
    case "_2":
    case "02":
    case "__2":
    case "002":
      return readDay(element, text, fields);
    case "PM":
    case "pm":
      return readHalf(element, text, fields);
    case "MST":
      return readAbbreviation(text, fields);
    default:
      if (isFraction(element)) return readFraction(element, text, fields);
      if (/^[0-9]/.test(element)) return readClock(element, text, fields, isFractionNext);
      return readOffset(element, text, fields);
  }
}

function wrong(text: string): Outcome {
  return { rest: text, isWrong: true };
}

/** One or two digits; two if `isFixed`. */
function readNumber(text: string, isFixed: boolean): { readonly value: number; readonly rest: string } | undefined {
  const digits = (isFixed ? /^[0-9]{2}/ : /^[0-9]{1,2}/).exec(text)?.[0];
  return digits === undefined ? undefined : { value: Number(digits), rest: text.slice(digits.length) };
}

function readName(
  names: readonly string[],
  isShort: boolean,
  text: string,
): { readonly index: number; readonly outcome: Outcome } | undefined {
  for (const [index, name] of names.entries()) {
    const wanted = isShort ? name.slice(0, 3) : name;
    if (text.slice(0, wanted.length).toLowerCase() === wanted.toLowerCase()) {
      return { index, outcome: { rest: text.slice(wanted.length) } };
    }
  }
  return undefined;
}

function readYear(element: string, text: string, fields: Fields): Outcome {
  const width = element.length;
  const digits = text.slice(0, width);
  if (!(width === 4 ? /^[0-9]{4}$/ : /^(?:[0-9]{2}|[+-][0-9])$/).test(digits)) return wrong(text);
  const value = Number(digits);
  fields.year = width === 4 ? value : value >= 69 ? value + 1900 : value + 2000;
  return { rest: text.slice(width) };
}

function readMonth(element: string, text: string, fields: Fields): Outcome {
  if (element.startsWith("J")) {
    const name = readName(MONTHS, element === "Jan", text);
    if (name === undefined) return wrong(text);
    fields.month = name.index + 1;
    return name.outcome;
  }
  const read = readNumber(text, element === "01");
  if (read === undefined) return wrong(text);
  fields.month = read.value;
  return { rest: read.rest, outOfRange: read.value < 1 || read.value > 12 ? "month" : undefined };
}

function readDay(element: string, text: string, fields: Fields): Outcome {
  if (element.length < 3) {
    const read = readNumber(element === "_2" && text.startsWith(" ") ? text.slice(1) : text, element === "02");
    if (read === undefined) return wrong(text);
    fields.day = read.value;
    return read;
  }
  const trimmed = element === "__2" ? text.replace(/^ {1,2}/, "") : text;
  const digits = (element === "002" ? /^[0-9]{3}/ : /^[0-9]{1,3}/).exec(trimmed)?.[0];
  if (digits === undefined) return wrong(text);
  fields.yearDay = Number(digits);
  return { rest: trimmed.slice(digits.length) };
}

function readClock(element: string, text: string, fields: Fields, isFractionNext: boolean): Outcome {
  const isFixed = element.startsWith("0");
  const read = readNumber(text, isFixed);
  if (read === undefined) return wrong(text);
  const { value, rest } = read;
  if (element === "15" || element.endsWith("3")) {
    fields.hour = value;
    return { rest, outOfRange: value > (element === "15" ? 23 : 12) ? "hour" : undefined };
  }
  if (element.endsWith("4")) {
    fields.minute = value;
    return { rest, outOfRange: value > 59 ? "minute" : undefined };
  }
  fields.second = value;
  if (value > 59) return { rest, outOfRange: "second" };
  // A fraction may follow though the layout has none.
  const fraction = isFractionNext ? undefined : /^[.,][0-9]+/.exec(rest)?.[0];
  if (fraction === undefined) return { rest };
  fields.nanoseconds = nanosecondsOf(fraction);
  return { rest: rest.slice(fraction.length) };
}

/** Digits after the ninth are left out. */
function nanosecondsOf(fraction: string): number {
  return Number(fraction.slice(1, 10).padEnd(9, "0"));
}

function readFraction(element: string, text: string, fields: Fields): Outcome {
  if (element.charAt(1) === "9") {
    const digits = /^[.,][0-9]+/.exec(text)?.[0] ?? "";
    if (digits !== "") fields.nanoseconds = nanosecondsOf(digits);
    return { rest: text.slice(digits.length) };
  }
  const digits = text.slice(0, element.length);
  if (digits.length < element.length || !/^[.,]/.test(digits)) return wrong(text);
  if (/^.[+-]?[0-9]+$/.test(digits.slice(0, 10))) {
    const value = Number(digits.slice(1, 10));
    if (value < 0) return { rest: text.slice(element.length), outOfRange: "fractional second" };
    fields.nanoseconds = value * 10 ** (10 - Math.min(10, digits.length));
    return { rest: text.slice(element.length) };
  }
  return wrong(text);
}

function readHalf(element: string, text: string, fields: Fields): Outcome {
  const half = text.slice(0, 2);
  if (half !== element && half !== (element === "PM" ? "AM" : "am")) return wrong(text);
  fields.half = half.toUpperCase() === "PM" ? "PM" : "AM";
  return { rest: text.slice(2) };
}

const OFFSETS: ReadonlyMap<string, RegExp> = new Map([
  ["0700", /^(.)(..)(..)/s],
  ["07:00", /^(.)(..):(..)/s],
  ["07", /^(.)(..)/s],
  ["070000", /^(.)(..)(..)(..)/s],
  ["07:00:00", /^(.)(..):(..):(..)/s],
]);

function readOffset(element: string, text: string, fields: Fields): Outcome {
  if (element.startsWith("Z") && text.startsWith("Z")) {
    fields.isUtc = true;
    return { rest: text.slice(1) };
  }
  const match = OFFSETS.get(element.slice(1))?.exec(text);
  if (match === null || match === undefined) return wrong(text);
  const [whole = "", sign, hours = "00", minutes = "00", seconds = "00"] = match;
  const rest = text.slice(whole.length);
  const numbers = [hours, minutes, seconds].map((digits) => (/^[0-9]{2}$/.test(digits) ? Number(digits) : Number.NaN));
  const [hour = 0, minute = 0, second = 0] = numbers;
  if (hour > 24) return { rest, outOfRange: "time zone offset hour" };
  if (minute > 60) return { rest, outOfRange: "time zone offset minute" };
  if (second > 60) return { rest, outOfRange: "time zone offset second" };
  if (numbers.some(Number.isNaN) || (sign !== "+" && sign !== "-")) return wrong(text);
  const magnitude = (hour * 60 + minute) * 60 + second;
  fields.offset = sign === "-" ? -magnitude : magnitude;
  return { rest };
}

function readAbbreviation(text: string, fields: Fields): Outcome {
  if (text.startsWith("UTC")) {
    fields.isUtc = true;
    return { rest: text.slice(3) };
  }
  const name = abbreviationAt(text);
  if (name === undefined) return wrong(text);
  fields.abbreviation = name;
  return { rest: text.slice(name.length) };
}

/** Three to five capitals as zones have them, `GMT+3`, or `+03`. */
function abbreviationAt(text: string): string | undefined {
  if (text.length < 3) return undefined;
  if (/^(?:ChST|MeST)/.test(text)) return text.slice(0, 4);
  if (text.startsWith("GMT")) return `GMT${signedHours(text.slice(3)) ?? ""}`;
  if (/^[+-]/.test(text)) return signedHours(text);
  const capitals = /^[A-Z]{0,6}/.exec(text)?.[0] ?? "";
  if (capitals.length === 3) return capitals;
  if (capitals.length === 4) return capitals.endsWith("T") || capitals === "WITA" ? capitals : undefined;
  return capitals.length === 5 && capitals.endsWith("T") ? capitals : undefined;
}

/** A sign and a number of hours up to 23. */
function signedHours(text: string): string | undefined {
  const match = /^[+-]([0-9]+)/.exec(text);
  return match !== null && Number(match[1]) <= 23 ? match[0] : undefined;
}
