/** When a value counts as true in `if`, `with`, `and`, `or` and `not`. */

import { complexParts } from "./fmt/complex.ts";
import { GoMap, GoNumber, GoSlice, type GoValue } from "./go-value.ts";

/** False for nil, false, zero and what is empty; structs are always true. */
export function isTrue(value: GoValue): boolean {
  switch (typeof value) {
    case "string":
      return value !== "";
    case "boolean":
      return value;
    case "bigint":
      return value !== 0n;
    case "number":
      return value !== 0;
  }
  if (value === undefined || value === null) return false;
  if (value instanceof GoMap) return value.entries.size > 0;
  if (value instanceof GoSlice) return value.items.length > 0;
  if (value instanceof GoNumber) return typeof value.value === "bigint" ? value.value !== 0n : value.value !== 0;
  const complex = complexParts(value);
  return complex === undefined || complex.real !== 0 || complex.imaginary !== 0;
}
