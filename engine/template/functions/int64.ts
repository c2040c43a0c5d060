/** Values of Go's `int64`. */
import { GoNumber } from "../go-value.ts";
import { wrapped } from "./cast.ts";

/** An `int64`, wrapping. */
export function int64(value: bigint): GoNumber {
  return new GoNumber("int64", wrapped(value));
}
