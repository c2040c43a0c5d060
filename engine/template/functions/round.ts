/** Sprig's `round`, with powers of ten exactly as Go's `math.Pow` gives them. */

/** Rounds to so many places; the rest from `roundOn` on goes up. */
export function round(value: number, places: number, roundOn: number): number {
  const power = powerOfTen(places);
  const digit = power * value;
  const rest = digit - Math.trunc(digit);
  const rounded = rest >= roundOn ? Math.ceil(digit) : Math.floor(digit);
  return rounded / power;
}

/** `math.Pow(10, exponent)` by repeated squaring of a fraction, in Go's order of rounding. */
function powerOfTen(exponent: number): number {
  if (exponent === 0) return 1;
  let product = 1;
  let productExponent = 0;
  let fraction = 0.625;
  let binary = 4;
  for (let rest = Math.abs(exponent); rest !== 0; rest = Math.floor(rest / 2)) {
    if (binary < -4096 || binary > 4096) {
      productExponent += binary;
      break;
    }
    if (rest % 2 === 1) {
      product *= fraction;
      productExponent += binary;
    }
    fraction *= fraction;
    binary *= 2;
    if (fraction < 0.5) {
      fraction += fraction;
      binary--;
    }
  }
  return exponent > 0 ? scaled(product, productExponent) : scaled(1 / product, -productExponent);
}

function scaled(value: number, exponent: number): number {
  const half = Math.trunc(exponent / 2);
  return value * 2 ** half * 2 ** (exponent - half);
}
