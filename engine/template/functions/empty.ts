/** What sprig takes for empty. */
import { GoMap, GoNumber, GoSlice, type GoValue } from "../go-value.ts";
import { isNil } from "./define.ts";

/** Nil, false, 0, and texts, slices and maps of no length. */
export function isEmpty(value: GoValue): boolean {
  if (isNil(value)) return true;
  if (typeof value === "string") return value === "";
  if (typeof value === "boolean") return !value;
  if (typeof value === "bigint") return value === 0n;
  if (typeof value === "number") return value === 0;
  if (value instanceof GoNumber) return Number(value.value) === 0;
  if (value instanceof GoSlice) return value.items.length === 0;
  return value instanceof GoMap && value.entries.size === 0;
}
