/** Complex constants: all that a template can do with them is to print and compare them. */

import { GoStruct, type GoValue } from "../go-value.ts";

/** The two parts of a `complex128`. */
export interface ComplexParts {
  readonly real: number;
  readonly imaginary: number;
}

/** A `complex128` value. */
export function complexValue(real: number, imaginary: number): GoStruct {
  const parts: ComplexParts = { real, imaginary };
  return new GoStruct({ type: "complex128", native: parts });
}

/** The parts of a complex value; undefined for every other value. */
export function complexParts(value: GoValue): ComplexParts | undefined {
  if (!(value instanceof GoStruct) || value.type !== "complex128") return undefined;
  return value.native as ComplexParts;
}
