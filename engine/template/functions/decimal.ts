/** Decimals of any precision, as far as sprig's float arithmetic needs shopspring/decimal. */
import { GoError } from "../go-value.ts";

/** `value × 10^exponent`. */
export interface Decimal {
  readonly value: bigint;
  readonly exponent: number;
}

/** Digits after the point of a quotient. */
const DIVISION_PRECISION = 16;

/**
 * The shortest decimal that reads back as the float.
 * @throws GoError for what is no finite number
 */
export function decimalOf(float: number): Decimal {
  if (!Number.isFinite(float)) {
    throw new GoError(`Cannot create a Decimal from ${Number.isNaN(float) ? "NaN" : float > 0 ? "+Inf" : "-Inf"}`);
  }
  if (float === 0) return { value: 0n, exponent: 0 };
  const [mantissa = "", exponent = "0"] = float.toExponential().split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  return { value: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length };
}

/** The nearest float. */
export function floatOf(decimal: Decimal): number {
  return decimal.value === 0n ? 0 : Number(`${decimal.value}e${decimal.exponent}`);
}

/** The sum. */
export function add(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent);
  return { value: scaledTo(a, exponent) + scaledTo(b, exponent), exponent };
}

/** The difference. */
export function subtract(a: Decimal, b: Decimal): Decimal {
  return add(a, { value: -b.value, exponent: b.exponent });
}

/** The product. */
export function multiply(a: Decimal, b: Decimal): Decimal {
  return { value: a.value * b.value, exponent: a.exponent + b.exponent };
}

/**
 * The quotient with 16 digits after the point, rounded half away from zero.
 * @throws GoError for a division by zero
 */
export function divide(a: Decimal, b: Decimal): Decimal {
  if (b.value === 0n) throw new GoError("decimal division by 0");
  const shift = a.exponent - b.exponent + DIVISION_PRECISION;
  const numerator = shift > 0 ? a.value * 10n ** BigInt(shift) : a.value;
  const denominator = shift < 0 ? b.value * 10n ** BigInt(-shift) : b.value;
  const quotient = numerator / denominator;
  const rest = magnitude(numerator % denominator);
  const isNegative = numerator < 0n !== denominator < 0n;
  const rounded = rest * 2n < magnitude(denominator) ? quotient : quotient + (isNegative ? -1n : 1n);
  return { value: rounded, exponent: -DIVISION_PRECISION };
}

function scaledTo(decimal: Decimal, exponent: number): bigint {
  return decimal.value * 10n ** BigInt(decimal.exponent - exponent);
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}
