/** Go's `strconv`: texts as integers and floats. */

/** What `ParseInt` gives; out of range, `value` is the nearest integer, of no syntax it is 0. */
export interface ParsedInteger {
  readonly value: bigint;
  readonly fault: "syntax" | "range" | undefined;
}

const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);

/** `strconv.ParseInt(text, base, 64)`; base 0 reads Go's prefixes and underscores. */
export function parseInteger(text: string, base: 0 | 8 | 10): ParsedInteger {
  const match = /^([+-]?)(.+)$/s.exec(text);
  const digits = match?.[2] ?? "";
  const size = base === 0 ? prefixedMagnitude(digits) : plainMagnitude(digits, base);
  if (size === undefined) return { value: 0n, fault: "syntax" };
  const value = match?.[1] === "-" ? -size : size;
  if (value > MAX_INT64) return { value: MAX_INT64, fault: "range" };
  if (value < MIN_INT64) return { value: MIN_INT64, fault: "range" };
  return { value, fault: undefined };
}

function plainMagnitude(digits: string, base: 8 | 10): bigint | undefined {
  const valid = base === 10 ? /^[0-9]+$/ : /^[0-7]+$/;
  return valid.test(digits) ? magnitude(digits, base === 10 ? "" : "0o") : undefined;
}

/** `0x1F`, `0o17`, `017`, `0b11` or decimal, with single underscores between digits or after the prefix. */
function prefixedMagnitude(digits: string): bigint | undefined {
  const forms: readonly (readonly [RegExp, string])[] = [
    [/^0[xX]((?:_?[0-9a-fA-F])+)$/, "0x"],
    [/^0[bB]((?:_?[01])+)$/, "0b"],
    [/^0[oO]((?:_?[0-7])+)$/, "0o"],
    [/^0((?:_?[0-7])+)$/, "0o"],
    [/^([1-9](?:_?[0-9])*|0)$/, ""],
  ];
  for (const [form, prefix] of forms) {
    const match = form.exec(digits);
    if (match !== null) return magnitude((match[1] ?? "").replaceAll("_", ""), prefix);
  }
  return undefined;
}

/** Numbers of more than 64 bits are all alike here. */
function magnitude(digits: string, prefix: string): bigint {
  const significant = digits.replace(/^0+/, "");
  return significant.length > 64 ? 1n << 64n : BigInt(`${prefix}${significant || "0"}`);
}

/** `strconv.ParseFloat(text, 64)`; `undefined` where Go gives an error, also for numbers out of range. */
export function parseFloat64(text: string): number | undefined {
  // An underscore may stand between two digits, and after the prefix of a hexadecimal.
  const isHex = /^[+-]?0[xX]/.test(text);
  const digits = isHex
    ? text.replace(/(?<=[0-9a-fA-FxX])_(?=[0-9a-fA-F])/g, "")
    : text.replace(/(?<=[0-9])_(?=[0-9])/g, "");
  if (/^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(digits)) {
    const value = Number(digits);
    return Number.isFinite(value) ? value : undefined;
  }
  const special = /^([+-]?)(?:inf|infinity)$/i.exec(text);
  if (special !== null) return special[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(text)) return Number.NaN;
  return parseHexFloat(digits);
}

/** `0x1.8p3`. */
function parseHexFloat(text: string): number | undefined {
  const match = /^([+-]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?[0-9]+)$/.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  if (whole + fraction === "") return undefined;
  const value = roundedBinary(BigInt(`0x${whole}${fraction}`), Number(exponent) - 4 * fraction.length);
  if (!Number.isFinite(value)) return undefined;
  return sign === "-" ? -value : value;
}

/** `mantissa × 2^exponent`, rounded once, half to even. */
function roundedBinary(mantissa: bigint, exponent: number): number {
  if (mantissa === 0n) return 0;
  const length = mantissa.toString(2).length;
  if (length + exponent > 1024) return Number.POSITIVE_INFINITY;
  if (length + exponent < -1080) return 0;
  const excess = Math.max(length - 53, -1074 - exponent);
  if (excess <= 0) return scaled(Number(mantissa), exponent);
  const unit = 1n << BigInt(excess);
  const rest = mantissa % unit;
  let kept = mantissa / unit;
  if (rest * 2n > unit || (rest * 2n === unit && kept % 2n === 1n)) kept++;
  return scaled(Number(kept), exponent + excess);
}

/** `value × 2^exponent` in two steps, so that neither power is out of range. */
function scaled(value: number, exponent: number): number {
  const half = Math.trunc(exponent / 2);
  return value * 2 ** half * 2 ** (exponent - half);
}
