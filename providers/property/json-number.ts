/** Numbers as Go reads and prints them. */
import type { ByteText } from "./byte-text.ts";

const DECIMAL = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;
const INFINITE = /^[-+]?inf(?:inity)?$/i;

/** Go's `strconv.ParseFloat` for decimal notation, where what it refuses counts as 0. */
export function parseNumber(text: ByteText): number {
  if (DECIMAL.test(text)) return Number(text);
  if (INFINITE.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  return /^nan$/i.test(text) ? Number.NaN : 0;
}

/** Go's `strconv.FormatFloat(value, 'f', -1, 64)`: the fewest digits that mean the same, never an exponent. */
export function formatPlain(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const [mantissa = "0", exponent] = String(Math.abs(value)).split("e");
  if (exponent === undefined) return sign + mantissa;
  const [whole = "0", fraction = ""] = mantissa.split(".");
  const point = whole.length + Number(exponent);
  const digits = whole + fraction;
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, "0")}`;
}

/** A number of JSON text: an integer keeps its digits however many they are, anything else is printed plain (1.50 → 1.5). */
export function plainNumber(raw: ByteText): string {
  return /^-?\d*$/.test(raw) ? raw : formatPlain(parseNumber(raw));
}
