/** The binary digits of π after the point: the numbers from which Blowfish's tables are made. */

/** The first `words` groups of 32 bits. Computed by Machin's formula, π = 16 arctan(1/5) − 4 arctan(1/239). */
export function piFraction(words: number): Uint32Array {
  const guardBits = 64n;
  const scale = 1n << (BigInt(words) * 32n + guardBits);
  const pi = 16n * inverseArctangent(5n, scale) - 4n * inverseArctangent(239n, scale);
  const fraction = (pi - 3n * scale) >> guardBits;
  const hexadecimal = fraction.toString(16).padStart(words * 8, "0");
  return Uint32Array.from({ length: words }, (_, word) =>
    Number.parseInt(hexadecimal.slice(word * 8, word * 8 + 8), 16),
  );
}

/** arctan(1/x), times the scale. */
function inverseArctangent(x: bigint, scale: bigint): bigint {
  const square = x * x;
  let power = scale / x;
  let sum = power;
  let sign = -1n;
  for (let divisor = 3n; power !== 0n; divisor += 2n, sign = -sign) {
    power /= square;
    sum += (sign * power) / divisor;
  }
  return sum;
}
