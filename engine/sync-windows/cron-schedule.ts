/** Cron schedules in UTC: five fields or a descriptor, as ESO's library (robfig/cron) reads them. */
import { parseDurationMs } from "../../api/duration.ts";

/** When a window opens. */
export interface CronSchedule {
  /** The first time after the given one, in milliseconds since the epoch; undefined where there is none within five years. */
  next(afterMs: number): number | undefined;
}

/** The values of one field that match. */
interface Field {
  readonly values: ReadonlySet<number>;
  /** Whether a `*` was given, which then does not restrict the day. */
  readonly isAny: boolean;
}

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

const MINUTES: Bounds = { min: 0, max: 59 };
const HOURS: Bounds = { min: 0, max: 23 };
const DAYS: Bounds = { min: 1, max: 31 };
const MONTHS: Bounds = {
  min: 1,
  max: 12,
  names: ["", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
};
const WEEKDAYS: Bounds = { min: 0, max: 6, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] };

const DESCRIPTORS: ReadonlyMap<string, string> = new Map([
  ["@yearly", "0 0 1 1 *"],
  ["@annually", "0 0 1 1 *"],
  ["@monthly", "0 0 1 * *"],
  ["@weekly", "0 0 * * 0"],
  ["@daily", "0 0 * * *"],
  ["@midnight", "0 0 * * *"],
  ["@hourly", "0 * * * *"],
]);

/** Undefined where the text is no schedule. */
export function parseCron(text: string): CronSchedule | undefined {
  if (text.startsWith("@every ")) return everySchedule(text.slice("@every ".length));
  const fields = (text.startsWith("@") ? (DESCRIPTORS.get(text) ?? "") : text)
    .split(/\s+/)
    .filter((part) => part !== "");
  if (fields.length !== 5) return undefined;
  const [minute, hour, day, month, weekday] = [MINUTES, HOURS, DAYS, MONTHS, WEEKDAYS].map((bounds, index) =>
    parseField(fields[index] ?? "", bounds),
  );
  if (!minute || !hour || !day || !month || !weekday) return undefined;
  return { next: (afterMs) => nextTime({ minute, hour, day, month, weekday }, afterMs) };
}

function everySchedule(duration: string): CronSchedule | undefined {
  const parsed = parseDurationMs(duration);
  if (parsed === undefined) return undefined;
  const delayMs = Math.max(Math.floor(parsed / SECOND_MS), 1) * SECOND_MS;
  return { next: (afterMs) => Math.floor(afterMs / SECOND_MS) * SECOND_MS + delayMs };
}

function parseField(text: string, bounds: Bounds): Field | undefined {
  const values = new Set<number>();
  let isAny = false;
  for (const part of text.split(",").filter((each) => each !== "")) {
    const range = parseRange(part, bounds);
    if (range === undefined) return undefined;
    for (let value = range.start; value <= range.end; value += range.step) values.add(value);
    isAny ||= range.isAny;
  }
  return { values, isAny };
}

/** `*`, `5`, `1-5`, `mon-fri`, each with `/step`; `5/10` means from 5 to the end. */
function parseRange(text: string, bounds: Bounds) {
  const [range = "", stepText, ...moreSteps] = text.split("/");
  const [low = "", high, ...moreHyphens] = range.split("-");
  if (moreSteps.length > 0 || moreHyphens.length > 0) return undefined;
  const isStar = low === "*" || low === "?";
  const start = isStar ? bounds.min : parseValue(low, bounds);
  const upTo = isStar ? bounds.max : high === undefined ? start : parseValue(high, bounds);
  const step = stepText === undefined ? 1 : parseInteger(stepText);
  if (start === undefined || upTo === undefined || step === undefined || step === 0) return undefined;
  const end = stepText !== undefined && high === undefined ? bounds.max : upTo;
  if (start < bounds.min || end > bounds.max || start > end) return undefined;
  return { start, end, step, isAny: isStar && step === 1 };
}

function parseValue(text: string, { names = [] }: Bounds): number | undefined {
  const named = text === "" ? -1 : names.indexOf(text.toLowerCase());
  return named >= 0 ? named : parseInteger(text);
}

function parseInteger(text: string): number | undefined {
  return /^\+?[0-9]{1,9}$/.test(text) ? Number(text) : undefined;
}

type Fields = Readonly<Record<"minute" | "hour" | "day" | "month" | "weekday", Field>>;

const MAX_YEARS = 5;

function nextTime(fields: Fields, afterMs: number): number | undefined {
  let at = Math.ceil((Math.floor(afterMs / SECOND_MS) * SECOND_MS + SECOND_MS) / MINUTE_MS) * MINUTE_MS;
  const lastYear = new Date(afterMs).getUTCFullYear() + MAX_YEARS;
  for (;;) {
    const date = new Date(at);
    if (date.getUTCFullYear() > lastYear) return undefined;
    if (!fields.month.values.has(date.getUTCMonth() + 1)) {
      at = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
    } else if (!matchesDay(fields, date)) at = (Math.floor(at / DAY_MS) + 1) * DAY_MS;
    else if (!fields.hour.values.has(date.getUTCHours())) at = (Math.floor(at / HOUR_MS) + 1) * HOUR_MS;
    else if (!fields.minute.values.has(date.getUTCMinutes())) at += MINUTE_MS;
    else return at;
  }
}

/** If both the day of the month and the weekday are restricted, either may match. */
function matchesDay({ day, weekday }: Fields, date: Date): boolean {
  const isDay = day.values.has(date.getUTCDate());
  const isWeekday = weekday.values.has(date.getUTCDay());
  return day.isAny || weekday.isAny ? isDay && isWeekday : isDay || isWeekday;
}
