/** Which version of a backend's secret a value is: noted beside the value, for whoever wants to tell it. Says nothing of the value. */
import type { SecretMap } from "./secret-map.ts";

/** Gone with the value itself. */
const versions = new WeakMap<object, string>();

/**
 * Notes the version on a value, or on a map of values, and gives it back; without a version it notes nothing.
 * @param version in the backend's own notation.
 */
export function noteVersion<T extends Uint8Array | SecretMap>(value: T, version: string | number | undefined): T {
  if (version !== undefined && version !== "") versions.set(value, String(version));
  return value;
}

/** The version; undefined where the backend has none, or did not say. */
export function versionOf(value: Uint8Array | SecretMap): string | undefined {
  return versions.get(value);
}
