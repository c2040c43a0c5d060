/** Which type a scalar without quotes has, by the rules of YAML 1.1 as Go's library takes them. */

/** `int` covers 64 bits with and without sign. */
export type Resolved =
  | { readonly type: "null" }
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "int"; readonly value: bigint }
  | { readonly type: "float"; readonly value: number }
  | { readonly type: "timestamp" }
  | { readonly type: "str" };

const WORDS: ReadonlyMap<string, Resolved> = new Map<string, Resolved>([
  ...["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"].map(
    (word) => [word, { type: "bool", value: true }] as const,
  ),
  ...["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"].map(
    (word) => [word, { type: "bool", value: false }] as const,
  ),
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, { type: "null" }] as const),
  ...[".nan", ".NaN", ".NAN"].map((word) => [word, { type: "float", value: Number.NaN }] as const),
  ...[".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"].map(
    (word) => [word, { type: "float", value: Number.POSITIVE_INFINITY }] as const,
  ),
  ...["-.inf", "-.Inf", "-.INF"].map((word) => [word, { type: "float", value: Number.NEGATIVE_INFINITY }] as const),
]);

const STRING: Resolved = { type: "str" };
/** As Go's `ParseFloat` reads it: `_` only between digits. */
const FRACTION = /^\.[0-9]+(_[0-9]+)*([eE][-+]?[0-9]+(_[0-9]+)*)?$/;
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;

/** The type that the text has by itself. */
export function resolvePlain(text: string): Resolved {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (text.startsWith(".")) return (FRACTION.test(text) ? floatOf(text.replaceAll("_", "")) : undefined) ?? STRING;
  if (!/^[-+0-9]/.test(text)) return STRING;
  if (isTimestamp(text)) return { type: "timestamp" };
  const plain = text.replaceAll("_", "");
  const integer = integerOf(plain);
  if (integer !== undefined) return { type: "int", value: integer };
  return floatOf(plain) ?? STRING;
}

/** A number that overflows is a string. */
function floatOf(text: string): Resolved | undefined {
  if (!FLOAT.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? { type: "float", value } : undefined;
}

const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]([0-7]+)|0([0-7]+)|(0|[1-9][0-9]*))$/;
const LAX_BINARY = /^(-?)0b([-+]?)([01]+)$/;
const LIMIT = 1n << 63n;

/** As Go's `ParseInt` and `ParseUint` read with base 0. */
function integerOf(text: string): bigint | undefined {
  const [, sign = "", hex, binary, octal, oldOctal, decimal] = INTEGER.exec(text) ?? [];
  if (hex !== undefined) return within(sign, `0x${hex}`);
  if (binary !== undefined) return within(sign, `0b${binary}`);
  if (octal !== undefined || oldOctal !== undefined) return within(sign, `0o${octal ?? oldOctal}`);
  if (decimal !== undefined) return within(sign, decimal);
  // Go reads what follows `0b` once more as a number of its own, sign included.
  const [, outer, inner, digits] = LAX_BINARY.exec(text) ?? [];
  if (digits === undefined || (outer === "-" && inner !== "")) return undefined;
  return within(outer === "-" ? "-" : (inner ?? ""), `0b${digits}`);
}

/** Only what has no sign may need the 64th bit. */
function within(sign: string, digits: string): bigint | undefined {
  const value = BigInt(digits);
  if (sign === "-") return value <= LIMIT ? -value : undefined;
  return value < (sign === "" ? 2n * LIMIT : LIMIT) ? value : undefined;
}

const ZONED = /^(\d{4})-(\d{1,2})-(\d{1,2})[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(?:Z|[-+](\d\d):(\d\d))$/;
const LOCAL = /^(\d{4})-(\d{1,2})-(\d{1,2}) (\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?$/;
const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;

/** One of the four forms that Go's library takes for a time. */
function isTimestamp(text: string): boolean {
  const match = ZONED.exec(text) ?? LOCAL.exec(text) ?? DATE.exec(text);
  if (match === null) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, zoneHour = 0, zoneMinute = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return false;
  return hour < 24 && minute < 60 && second < 60 && zoneHour <= 24 && zoneMinute <= 60;
}

function daysIn(year: number, month: number): number {
  if (month !== 2) return [4, 6, 9, 11].includes(month) ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}
