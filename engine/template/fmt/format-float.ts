/** Floats as Go's `strconv.FormatFloat` writes them. */

import { binaryOf, type Decimal, fixedDecimal, shortestDecimal, significantDecimal } from "./float-digits.ts";

/** How a float is written: Go's format letters. */
export type FloatVerb = "b" | "e" | "E" | "f" | "g" | "G" | "x" | "X";

/**
 * Writes a float of 32 or 64 bits.
 *
 * @param precision digits after the point (`g`: significant digits); -1: as few as read back as the same number
 * @returns with a sign for negative numbers and for both infinities
 */
export function formatFloat(value: number, verb: FloatVerb, precision: number, bits: 32 | 64 = 64): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const magnitude = Math.abs(value);
  switch (verb) {
    case "b":
      return sign + binaryExponent(magnitude, bits);
    case "x":
    case "X":
      return sign + hexadecimal(magnitude, verb, precision, bits);
    case "e":
    case "E": {
      const decimal = precision < 0 ? shortestDecimal(magnitude, bits) : significantDecimal(magnitude, precision + 1);
      return sign + scientific(decimal, precision < 0 ? decimal.digits.length - 1 : precision, verb);
    }
    case "f": {
      const decimal = precision < 0 ? shortestDecimal(magnitude, bits) : fixedDecimal(magnitude, precision);
      return sign + positional(decimal, precision < 0 ? decimal.digits.length - decimal.point : precision);
    }
    default:
      return sign + general(magnitude, verb, precision, bits);
  }
}

/** `%e` for exponents below -4 or from the precision on (6 for the shortest form, else at most what the digits need), else `%f`. */
function general(magnitude: number, verb: "g" | "G", precision: number, bits: 32 | 64): string {
  const isShortest = precision < 0;
  const wanted = Math.max(precision, 1);
  const decimal = isShortest ? shortestDecimal(magnitude, bits) : significantDecimal(magnitude, wanted);
  const count = decimal.digits.length;
  const limit = isShortest ? 6 : wanted > count && count >= decimal.point ? count : wanted;
  const exponent = decimal.point - 1;
  if (exponent < -4 || exponent >= limit) {
    return scientific(decimal, (isShortest ? count : Math.min(wanted, count)) - 1, verb === "g" ? "e" : "E");
  }
  return positional(decimal, Math.max(count - decimal.point, 0));
}

function scientific(decimal: Decimal, precision: number, letter: "e" | "E"): string {
  const first = decimal.digits === "" ? "0" : decimal.digits.charAt(0);
  const rest = precision > 0 ? `.${decimal.digits.slice(1, precision + 1).padEnd(precision, "0")}` : "";
  const exponent = decimal.digits === "" ? 0 : decimal.point - 1;
  const sign = exponent < 0 ? "-" : "+";
  return `${first}${rest}${letter}${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

function positional({ digits, point }: Decimal, precision: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, "0") : "0";
  if (precision <= 0) return whole;
  const fraction = point > 0 ? digits.slice(point) : "0".repeat(-point) + digits;
  return `${whole}.${fraction.slice(0, precision).padEnd(precision, "0")}`;
}

/** `mantissa p exponent`, both decimal. */
function binaryExponent(magnitude: number, bits: 32 | 64): string {
  const { mantissa, exponent } = binaryIn(magnitude, bits);
  return `${mantissa}p${exponent < 0 ? "" : "+"}${exponent}`;
}

/** The binary form with the mantissa of the float's own size: 24 or 53 bits. */
function binaryIn(magnitude: number, bits: 32 | 64): { readonly mantissa: bigint; readonly exponent: number } {
  const { mantissa, exponent } = binaryOf(magnitude);
  if (bits === 64) return { mantissa, exponent };
  if (mantissa === 0n) return { mantissa, exponent: -149 };
  const shift = Math.max(29, -149 - exponent);
  return { mantissa: mantissa >> BigInt(shift), exponent: exponent + shift };
}

const ONE = 1n << 60n;

/** `0x1.8p+01`: the leading digit is 1, or 0 for zero. */
function hexadecimal(magnitude: number, verb: "x" | "X", precision: number, bits: 32 | 64): string {
  let { mantissa, exponent } = binaryIn(magnitude, bits);
  if (mantissa === 0n) exponent = 0;
  else {
    const shift = 61 - mantissa.toString(2).length;
    mantissa <<= BigInt(shift);
    exponent += 60 - shift;
  }
  if (precision >= 0 && precision < 15) {
    const cut = 60n - BigInt(precision * 4);
    const extra = mantissa & ((1n << cut) - 1n);
    const half = 1n << (cut - 1n);
    mantissa >>= cut;
    if (extra > half || (extra === half && (mantissa & 1n) === 1n)) mantissa += 1n;
    mantissa <<= cut;
    if (mantissa >= 2n * ONE) {
      mantissa >>= 1n;
      exponent++;
    }
  }
  const digits = (mantissa & (ONE - 1n)).toString(16).padStart(15, "0");
  const fraction = precision < 0 ? digits.replace(/0+$/, "") : digits.slice(0, precision).padEnd(precision, "0");
  const sign = exponent < 0 ? "-" : "+";
  const text = `0x${mantissa >> 60n}${fraction === "" ? "" : "."}${fraction}p${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
  return verb === "x" ? text : text.toUpperCase();
}
