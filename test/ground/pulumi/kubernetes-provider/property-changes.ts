/** Finds which properties differ between two maps, by their paths. */
import { isList, isProperties, type Properties, sameValue, type Value } from "./property-values.ts";

export interface PropertyChange {
  /** As Pulumi writes it: `metadata.labels["app.kubernetes.io/name"]`, `spec.ports[0].port`. */
  readonly path: string;
  readonly kind: "add" | "delete" | "update";
}

/** An empty result means that both are equal; null and absent are the same. */
export function changesBetween(before: Properties, after: Properties): PropertyChange[] {
  return mapChanges(before, after, "");
}

function mapChanges(before: Properties, after: Properties, path: string): PropertyChange[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => valueChanges(before[key] ?? null, after[key] ?? null, propertyPath(path, key)));
}

function valueChanges(before: Value, after: Value, path: string): PropertyChange[] {
  if (sameValue(before, after)) return [];
  if (before === null) return [{ path, kind: "add" }];
  if (after === null) return [{ path, kind: "delete" }];
  if (isProperties(before) && isProperties(after)) return mapChanges(before, after, path);
  if (isList(before) && isList(after)) {
    const indexes = Array.from({ length: Math.max(before.length, after.length) }, (_, index) => index);
    return indexes.flatMap((index) => valueChanges(before[index] ?? null, after[index] ?? null, `${path}[${index}]`));
  }
  return [{ path, kind: "update" }];
}

/** The path of `key` below `parent` ("" for the root). */
export function propertyPath(parent: string, key: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) return `${parent}[${JSON.stringify(key)}]`;
  return parent === "" ? key : `${parent}.${key}`;
}
