/** Number constants, held in every form that can hold them, as Go's untyped constants are. */

import type { NumberForms } from "./ast.ts";
import { quote } from "./fmt/quote.ts";
import { unquoteRune } from "./parse-strings.ts";

/** A constant that is no number; the message is Go's. */
export class BadNumber extends Error {
  override readonly name = "BadNumber";
}

/**
 * Reads a number constant.
 *
 * @throws BadNumber
 */
export function parseNumber(text: string, type: "number" | "complex" | "charConstant"): NumberForms {
  if (type === "charConstant") return characterForms(text);
  if (type === "complex") {
    const [, real = "", imaginary = ""] = COMPLEX.exec(text) ?? [];
    return complexForms(parseFloat64(real), parseFloat64(imaginary), text);
  }
  if (text.endsWith("i")) {
    const imaginary = parseFloat64(text.slice(0, -1));
    if (imaginary !== undefined) return complexForms(0, imaginary, text);
  }
  const integer = parseInteger(text);
  return integer === undefined ? floatForms(text) : integerForms(integer, text);
}

const MIN_INT = -(2n ** 63n);
const MAX_INT = 2n ** 63n - 1n;
const MAX_UINT = 2n ** 64n - 1n;

/** The real part ends at the sign that follows no exponent's letter. */
const COMPLEX = /^([+-]?(?:0[xX][^pP+-]*(?:[pP][+-]?[0-9_]*)?|[^eE+-]*(?:[eE][+-]?[0-9_]*)?))([+-].*)i$/;

function characterForms(text: string): NumberForms {
  const rune = unquoteRune(text);
  if (rune === undefined) throw new BadNumber("invalid syntax");
  if (rune === "malformed") throw new BadNumber(`malformed character constant: ${text}`);
  return { int: BigInt(rune), uint: BigInt(rune), float: rune, complex: undefined };
}

function complexForms(real: number | undefined, imaginary: number | undefined, text: string): NumberForms {
  if (real === undefined || imaginary === undefined) throw new BadNumber(`illegal number syntax: ${quote(text)}`);
  const complex = { real, imaginary };
  if (imaginary !== 0) return { int: undefined, uint: undefined, float: undefined, complex };
  return { ...wholeForms(real), float: real, complex };
}

function integerForms(value: bigint, text: string): NumberForms {
  const int = value >= MIN_INT && value <= MAX_INT ? value : undefined;
  const isUnsigned = !/^[+-]/.test(text) || value === 0n;
  const uint = isUnsigned && value <= MAX_UINT ? value : undefined;
  if (int === undefined && uint === undefined) {
    const problem = /^[+-]?0[xXbBoO]/.test(text) ? "illegal number syntax" : "integer overflow";
    throw new BadNumber(`${problem}: ${quote(text)}`);
  }
  return { int, uint, float: Number(int ?? uint), complex: undefined };
}

function floatForms(text: string): NumberForms {
  const float = parseFloat64(text);
  if (float === undefined) throw new BadNumber(`illegal number syntax: ${quote(text)}`);
  if (!/[.eEpP]/.test(text)) throw new BadNumber(`integer overflow: ${quote(text)}`);
  return { ...wholeForms(float), float, complex: undefined };
}

/** A float without fraction is an integer too, if it fits. */
function wholeForms(float: number): { readonly int: bigint | undefined; readonly uint: bigint | undefined } {
  if (!Number.isInteger(float)) return { int: undefined, uint: undefined };
  const value = BigInt(float);
  return {
    int: value >= MIN_INT && value <= MAX_INT ? value : undefined,
    uint: value >= 0n && value <= MAX_UINT ? value : undefined,
  };
}

const INTEGER =
  /^([+-]?)(?:(0[xX]_?[0-9a-fA-F][0-9a-fA-F_]*)|(0[bB]_?[01][01_]*)|0[oO]?(_?[0-7][0-7_]*)|(0|[1-9][0-9_]*))$/;

/** Go's `ParseInt` with base 0, of any size; undefined if the text is no integer. */
function parseInteger(text: string): bigint | undefined {
  const match = INTEGER.exec(text);
  if (match === null || hasLooseUnderscore(text)) return undefined;
  const [, sign, hexadecimal, binary, octal, decimal = "0"] = match;
  const digits = hexadecimal ?? binary ?? (octal === undefined ? decimal : `0o${octal}`);
  const value = BigInt(digits.replaceAll("_", ""));
  return sign === "-" ? -value : value;
}

const DECIMAL = /^[+-]?(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9][0-9_]*)?$/;
const HEXADECIMAL = /^([+-]?)0[xX](_?[0-9a-fA-F_]*)\.?([0-9a-fA-F_]*)[pP]([+-]?[0-9][0-9_]*)$/;

/** Go's `ParseFloat`; undefined if the text is no float or too great. */
function parseFloat64(text: string): number | undefined {
  if (hasLooseUnderscore(text)) return undefined;
  const plain = text.replaceAll("_", "");
  const value = DECIMAL.test(text) ? Number(plain) : hexadecimalFloat(plain);
  return value === undefined || !Number.isFinite(value) ? undefined : value;
}

function hexadecimalFloat(text: string): number | undefined {
  const [, sign, whole = "", fraction = "", exponent = "0"] = HEXADECIMAL.exec(text) ?? [];
  if (sign === undefined || whole + fraction === "") return undefined;
  const power = Number(exponent) - 4 * fraction.length;
  const magnitude = roundedBinary(BigInt(`0x${whole}${fraction}`), Math.max(Math.min(power, 5000), -100_000));
  return sign === "-" ? -magnitude : magnitude;
}

/** `mantissa × 2^power`, rounded once, half to even. */
function roundedBinary(mantissa: bigint, power: number): number {
  if (mantissa === 0n) return 0;
  const length = mantissa.toString(2).length;
  const kept = Math.max(Math.min(53, length + power + 1074), 0);
  const cut = length - kept;
  if (cut <= 0) return Number(mantissa) * 2 ** power;
  const half = 1n << BigInt(cut - 1);
  const rest = mantissa & ((1n << BigInt(cut)) - 1n);
  let quotient = mantissa >> BigInt(cut);
  if (rest > half || (rest === half && (quotient & 1n) === 1n)) quotient += 1n;
  const exponent = power + cut;
  return exponent > -1000 ? Number(quotient) * 2 ** exponent : Number(quotient) * 2 ** (exponent + 60) * 2 ** -60;
}

/** Underscores are only for between digits, or after a base prefix. */
function hasLooseUnderscore(text: string): boolean {
  if (!text.includes("_")) return false;
  const isHexadecimal = /^[+-]?0[xX]/.test(text);
  const digit = isHexadecimal ? "[0-9a-fA-FxX]" : /^[+-]?0[bBoO]/.test(text) ? "[0-9bBoO]" : "[0-9]";
  return !new RegExp(`^(?:[^_]|(?<=${digit})_(?=${digit}))*$`).test(text);
}
