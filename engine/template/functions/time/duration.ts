/** Go's durations: nanoseconds, written as `1h2m3.5s`. */
import { GoError } from "../../go-value.ts";
import { wrapped } from "../cast.ts";
import { LEFT_OUT } from "../define.ts";
import { goQuote } from "./quote.ts";

/** Nanoseconds. */
export const SECOND = 1_000_000_000n;
/** Nanoseconds. */
export const MINUTE = 60n * SECOND;
/** Nanoseconds. */
export const HOUR = 60n * MINUTE;

const UNITS: ReadonlyMap<string, bigint> = new Map([
  ["ns", 1n],
  ["us", 1000n],
  ["\xc2\xb5s", 1000n],
  ["\xce\xbcs", 1000n],
  ["ms", 1_000_000n],
  ["s", SECOND],
  ["m", MINUTE],
  ["h", HOUR],
]);

const LIMIT = 1n << 63n;

/** What is wrong with a duration's text; the texts are to be quoted. */
interface Fault {
  readonly message: string;
  /** A unit that there is not. */
  readonly unit?: string;
}

/**
 * `time.ParseDuration`, in nanoseconds.
 * @param argument which argument of the call the text is
 * @throws GoError
 */
export function parseDuration(text: string, argument: number): bigint {
  const parsed = durationOrFault(text);
  if (typeof parsed === "bigint") return parsed;
  throw new GoError((isLiteral) => {
    const quoted = (part: string): string => (isLiteral(argument) ? goQuote(part) : `"${LEFT_OUT}"`);
    const unit = parsed.unit === undefined ? "" : `unknown unit ${quoted(parsed.unit)} in duration`;
    return `time: ${unit || parsed.message} ${quoted(text)}`;
  });
}

/** As `parseDuration`, but `undefined` where that throws. */
export function tryParseDuration(text: string): bigint | undefined {
  const parsed = durationOrFault(text);
  return typeof parsed === "bigint" ? parsed : undefined;
}

function durationOrFault(text: string): bigint | Fault {
  const invalid = { message: "invalid duration" };
  const isNegative = text.startsWith("-");
  let rest = /^[+-]/.test(text) ? text.slice(1) : text;
  if (rest === "0") return 0n;
  if (rest === "") return invalid;
  let sum = 0n;
  while (rest !== "") {
    const [whole, digits = "", fraction = "", unit = ""] = /^([0-9]*)(?:\.([0-9]*))?([^0-9.]*)/.exec(rest) ?? [""];
    if (digits === "" && fraction === "") return invalid;
    if (BigInt(digits.slice(0, 30) || "0") > LIMIT) return invalid;
    if (unit === "") return { message: "missing unit in duration" };
    const size = UNITS.get(unit);
    if (size === undefined) return { message: "", unit };
    const value = BigInt(digits || "0") * size + fractionOf(fraction, size);
    if (BigInt(digits || "0") > LIMIT / size || value > LIMIT) return invalid;
    sum += value;
    if (sum > LIMIT) return invalid;
    rest = rest.slice(whole.length);
  }
  if (isNegative) return wrapped(-sum);
  return sum < LIMIT ? sum : invalid;
}

/** A fraction of a unit, by Go's float arithmetic; digits beyond 63 bits are left out. */
function fractionOf(digits: string, unit: bigint): bigint {
  let value = 0n;
  let scale = 1;
  for (const digit of digits) {
    if (value > (LIMIT - 1n) / 10n) break;
    const next = value * 10n + BigInt(digit);
    if (next > LIMIT) break;
    value = next;
    scale *= 10;
  }
  return value === 0n ? 0n : BigInt(Math.trunc(Number(value) * (Number(unit) / scale)));
}

/** `1h0m3.5s`. */
export function formatDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return "0s";
  const magnitude = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  const sign = nanoseconds < 0n ? "-" : "";
  if (magnitude < 1000n) return `${sign}${magnitude}ns`;
  if (magnitude < 1_000_000n) return `${sign}${decimal(magnitude, 3)}\xc2\xb5s`;
  if (magnitude < SECOND) return `${sign}${decimal(magnitude, 6)}ms`;
  const minutes = magnitude / MINUTE;
  const seconds = `${decimal(magnitude % MINUTE, 9)}s`;
  if (minutes === 0n) return sign + seconds;
  return minutes < 60n ? `${sign}${minutes}m${seconds}` : `${sign}${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

/** A number over 10^places without zeros at the end. */
function decimal(value: bigint, places: number): string {
  const scale = 10n ** BigInt(places);
  const fraction = String(value % scale)
    .padStart(places, "0")
    .replace(/0+$/, "");
  return `${value / scale}${fraction === "" ? "" : `.${fraction}`}`;
}

/** Half away from zero to a multiple of `unit`; what would not fit stays at the greatest. */
export function roundDuration(nanoseconds: bigint, unit: bigint): bigint {
  if (unit <= 0n) return nanoseconds;
  const magnitude = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  const rest = magnitude % unit;
  const rounded = rest * 2n < unit ? magnitude - rest : magnitude - rest + unit;
  if (nanoseconds < 0n) return rounded > LIMIT ? -LIMIT : -rounded;
  return rounded >= LIMIT ? LIMIT - 1n : rounded;
}
