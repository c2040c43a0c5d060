/** The relations between an RSA key's numbers that Go checks before it uses the key. */
import { GoError } from "../go-value.ts";
import type { RsaPrivateKey } from "./private-key.ts";

/** OpenSSL's bound, which also bounds the time that a hostile key takes. */
const MAXIMUM_BITS = 16384;
const TOO_LARGE = 1n << BigInt(MAXIMUM_BITS);

/** A key's numbers; the three for the Chinese remainder theorem are computed where one is not given. */
interface RsaNumbers {
  readonly n: bigint;
  readonly e: bigint;
  readonly d: bigint;
  readonly p: bigint;
  readonly q: bigint;
  readonly dp?: bigint | undefined;
  readonly dq?: bigint | undefined;
  readonly qInverse?: bigint | undefined;
}

/** @throws GoError with crypto/rsa's wording. */
export function checkedRsaKey(numbers: RsaNumbers): RsaPrivateKey {
  const { n, e, d, p, q } = numbers;
  for (const number of Object.values(numbers)) {
    if (number !== undefined && number >= TOO_LARGE)
      throw rsaError(`keys of more than ${MAXIMUM_BITS} bits are not supported`);
  }
  if (n <= 1n || p <= 1n || q <= 1n) throw new GoError("modulus must be > 1");
  if (d >= n) throw new GoError("input overflows the modulus");
  const { dp, dq, qInverse } = crtNumbers(numbers);
  if (qInverse >= p) throw new GoError("input overflows the modulus");
  checkExponent(n, e);
  const faults: readonly [boolean, string][] = [
    [p >= n || q >= n, "invalid prime"],
    [(p * q) % n !== 0n, "p * q != n"],
    [dp >= p - 1n || (dp * e) % (p - 1n) !== 1n, "invalid CRT exponent"],
    [dq >= q - 1n || (dq * e) % (q - 1n) !== 1n, "invalid CRT exponent"],
    [(qInverse * q) % p !== 1n, "invalid CRT coefficient"],
    [d % (p - 1n) !== dp, "d does not match dP"],
    [d % (q - 1n) !== dq, "d does not match dQ"],
    [p === q, "p == q"],
    [bitLength(p > q ? p - q : q - p) <= (bitLength(n) >> 1) - 100, "|p - q| too small"],
    [bitLength(d) <= bitLength(n) >> 1, "d too small"],
  ];
  const fault = faults.find(([isWrong]) => isWrong);
  if (fault !== undefined) throw rsaError(fault[1]);
  return { kind: "rsa", n, e: Number(e), d, p, q, dp, dq, qInverse };
}

function crtNumbers({ d, p, q, dp, dq, qInverse }: RsaNumbers): { dp: bigint; dq: bigint; qInverse: bigint } {
  if (dp !== undefined && dq !== undefined && qInverse !== undefined) return { dp, dq, qInverse };
  if (p === 2n || q === 2n) throw new GoError("modulus must be > 1");
  if ((p & 1n) === 0n) throw rsaError("p is even");
  return { dp: d % (p - 1n), dq: d % (q - 1n), qInverse: inverse(q % p, p) };
}

function checkExponent(n: bigint, e: bigint): void {
  if ((n & 1n) === 0n) throw rsaError("public modulus is even");
  if (e < 2n) throw rsaError("public exponent too small or negative");
  if ((e & 1n) === 0n) throw rsaError("public exponent is even");
  if (e > 0x7fffffffn) throw rsaError("public exponent too large");
}

/** By Euclid; zero where there is none. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [remainder, next] = [modulus, value];
  let [coefficient, nextCoefficient] = [0n, 1n];
  while (next !== 0n) {
    const quotient = remainder / next;
    [remainder, next] = [next, remainder - quotient * next];
    [coefficient, nextCoefficient] = [nextCoefficient, coefficient - quotient * nextCoefficient];
  }
  if (remainder !== 1n) return 0n;
  return coefficient < 0n ? coefficient + modulus : coefficient;
}

/** How many bits a positive number has. */
export const bitLength = (value: bigint): number => (value === 0n ? 0 : value.toString(2).length);

const rsaError = (message: string): GoError => new GoError(`crypto/rsa: ${message}`);
