/** The decimal digits of floats: the shortest that read back as the same number, or exactly rounded to a precision. */

/** `0.digits × 10^point`, the magnitude of a finite float. Digits have no trailing zeros; none at all for zero. */
export interface Decimal {
  readonly digits: string;
  readonly point: number;
}

/** A double as `mantissa × 2^exponent`. */
export interface Binary {
  readonly mantissa: bigint;
  readonly exponent: number;
}

/** The fewest digits that read back as this float of 32 or 64 bits. */
export function shortestDecimal(magnitude: number, bits: 32 | 64): Decimal {
  if (magnitude === 0) return { digits: "", point: 0 };
  const text = bits === 64 ? magnitude.toExponential() : shortestFloat32(magnitude);
  const [mantissa = "", exponent = "0"] = text.split("e");
  return trimmed(mantissa.replace(".", ""), Number(exponent) + 1);
}

/** Rounded half to even, exactly, to so many significant digits (at least one). */
export function significantDecimal(magnitude: number, count: number): Decimal {
  if (magnitude === 0) return { digits: "", point: 0 };
  const digits = Math.min(count, MOST_DIGITS);
  const estimate = shortestDecimal(magnitude, 64).point;
  const first = scaled(magnitude, digits - estimate);
  // The shortest form may round up to a power of ten that the exact value does not reach.
  return first.whole.length < digits ? scaled(magnitude, digits - estimate + 1) : first;
}

/** Rounded half to even, exactly, to so many digits after the point. */
export function fixedDecimal(magnitude: number, afterPoint: number): Decimal {
  return magnitude === 0 ? { digits: "", point: 0 } : scaled(magnitude, Math.min(afterPoint, MOST_DIGITS));
}

/** The exact binary form of a finite double's magnitude. */
export function binaryOf(magnitude: number): Binary {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, magnitude);
  const word = bits.getBigUint64(0);
  const fraction = word & ((1n << 52n) - 1n);
  const biased = Number((word >> 52n) & 0x7ffn);
  if (biased === 0) return { mantissa: fraction, exponent: -1074 };
  return { mantissa: fraction | (1n << 52n), exponent: biased - 1075 };
}

/** No double has more digits than these; what follows is zeros. */
const MOST_DIGITS = 1100;

function shortestFloat32(magnitude: number): string {
  for (let digits = 0; digits < 9; digits++) {
    const text = magnitude.toExponential(digits);
    if (Math.fround(Number(text)) === magnitude) return text;
  }
  return magnitude.toExponential();
}

/** `round(magnitude × 10^power)`, its digits and where the point then stands. */
function scaled(magnitude: number, power: number): Decimal & { readonly whole: string } {
  const { mantissa, exponent } = binaryOf(magnitude);
  const numerator = mantissa * 10n ** BigInt(Math.max(power, 0)) * (1n << BigInt(Math.max(exponent, 0)));
  const denominator = 10n ** BigInt(Math.max(-power, 0)) * (1n << BigInt(Math.max(-exponent, 0)));
  let quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  if (twice > denominator || (twice === denominator && (quotient & 1n) === 1n)) quotient += 1n;
  const whole = quotient === 0n ? "" : quotient.toString();
  return { ...trimmed(whole, whole.length - power), whole };
}

function trimmed(digits: string, point: number): Decimal {
  const kept = digits.replace(/0+$/, "");
  return { digits: kept, point: kept === "" ? 0 : point };
}
