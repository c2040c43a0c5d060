/** Where two plain values differ, as property paths. */

/**
 * The paths of the deepest parts that differ: `spec.data[1].remoteRef.key`. A part that only one has is named by itself.
 * Fields that are unset or undefined are the same.
 */
export function changedPaths(before: unknown, after: unknown, path = ""): readonly string[] {
  if (Array.isArray(before) && Array.isArray(after)) {
    return Array.from({ length: Math.max(before.length, after.length) }, (_, index) =>
      changedPaths(before[index], after[index], `${path}[${index}]`),
    ).flat();
  }
  if (isMapping(before) && isMapping(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].sort().flatMap((key) => changedPaths(before[key], after[key], pathOf(path, key)));
  }
  return before === after ? [] : [path];
}

/** The path of a member: in quotes where its name holds more than letters, digits, `-` and `_`. */
export function pathOf(parent: string, key: string): string {
  if (!/^[A-Za-z_][\w-]*$/.test(key)) return `${parent}[${JSON.stringify(key)}]`;
  return parent === "" ? key : `${parent}.${key}`;
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
