/** The order in which Go's YAML library writes the keys of a mapping: as people count, `a2` before `a10`. */
import { isDigit, isLetter } from "../template/functions/unicode.ts";

/** Compares two texts for `Array.sort`. */
export function compareKeys(a: string, b: string): number {
  if (a === b) return 0;
  return isLess([...a].map(codeOf), [...b].map(codeOf)) ? -1 : 1;
}

const codeOf = (character: string): number => character.codePointAt(0) ?? 0;
const ZERO = 0x30;

function isLess(a: readonly number[], b: readonly number[]): boolean {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const [left = 0, right = 0] = [a[i], b[i]];
    if (left === right) continue;
    const [isLeftLetter, isRightLetter] = [isLetter(left), isLetter(right)];
    if (isLeftLetter && isRightLetter) return left < right;
    if (isLeftLetter || isRightLetter) return isRightLetter;
    return isNumberLess(a, b, i);
  }
  return a.length < b.length;
}

/** Both differ at `at`, and there is no letter: the numbers that begin there decide, then their lengths. */
function isNumberLess(a: readonly number[], b: readonly number[], at: number): boolean {
  const [left = 0, right = 0] = [a[at], b[at]];
  const seed = (left === ZERO || right === ZERO) && isInsideNumber(a, at) ? 1n : 0n;
  const [leftNumber, leftEnd] = numberFrom(a, at, seed);
  const [rightNumber, rightEnd] = numberFrom(b, at, seed);
  if (leftNumber !== rightNumber) return leftNumber < rightNumber;
  return leftEnd === rightEnd ? left < right : leftEnd < rightEnd;
}

/** Whether digits other than zero stand right before. */
function isInsideNumber(codes: readonly number[], at: number): boolean {
  for (let i = at - 1; i >= 0 && isDigit(codes[i] ?? 0); i--) if (codes[i] !== ZERO) return true;
  return false;
}

/** Wraps at 64 bits, as Go does. */
function numberFrom(codes: readonly number[], start: number, seed: bigint): readonly [value: bigint, end: number] {
  let value = seed;
  let end = start;
  for (; end < codes.length && isDigit(codes[end] ?? 0); end++) {
    value = BigInt.asIntN(64, value * 10n + BigInt((codes[end] ?? 0) - ZERO));
  }
  return [value, end];
}
