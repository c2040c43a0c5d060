/** Server-side apply and merge patch, as far as the fake API server goes: lists are atomic. */
import type { FakeObject } from "./fake-object-store.ts";

type Mapping = Readonly<Record<string, unknown>>;

/** The paths (JSON of their steps) that each field manager has applied, by object. */
export type FieldOwners = Map<string, Set<string>>;

export interface ApplyConflict {
  readonly manager: string;
  /** `.data.password`, as the API server writes it. */
  readonly field: string;
}

/**
 * The object after `manager` applied `applied`; or the conflicts. Fields that the manager applied before, leaves out now and shares
 * with nobody are removed. `owners` is brought up to date only where there is no conflict.
 */
export function serverSideApply(
  live: FakeObject | undefined,
  applied: FakeObject,
  owners: FieldOwners,
  options: { readonly manager: string; readonly force: boolean },
): { readonly object: FakeObject } | { readonly conflicts: readonly ApplyConflict[] } {
  const { apiVersion, kind, metadata } = applied;
  const { name, namespace, resourceVersion: _version, uid: _uid, ...appliedMetadata } = metadata;
  const ownMetadata = Object.keys(appliedMetadata).length === 0 ? undefined : appliedMetadata;
  const leaves = leavesOf({ ...applied, apiVersion: undefined, kind: undefined, metadata: ownMetadata });
  const conflicts: ApplyConflict[] = [];
  for (const [path, value] of leaves) {
    for (const [other, paths] of owners) {
      if (other === options.manager || !paths.has(path)) continue;
      if (JSON.stringify(valueAt(live, JSON.parse(path))) === JSON.stringify(value)) continue;
      if (options.force) paths.delete(path);
      else conflicts.push({ manager: other, field: `.${JSON.parse(path).join(".")}` });
    }
  }
  if (conflicts.length > 0) return { conflicts };
  const base = { name, ...(namespace === undefined ? {} : { namespace }) };
  const type = { ...(apiVersion === undefined ? {} : { apiVersion }), ...(kind === undefined ? {} : { kind }) };
  const object: FakeObject = structuredClone(live) ?? { ...type, metadata: base };
  const before = owners.get(options.manager) ?? new Set();
  owners.set(options.manager, new Set(leaves.keys()));
  for (const path of before) {
    if (!leaves.has(path) && ![...owners.values()].some((paths) => paths.has(path))) removeAt(object, JSON.parse(path));
  }
  for (const [path, value] of leaves) setAt(object, JSON.parse(path), value);
  return { object };
}

/** RFC 7386. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isMapping(patch)) return patch;
  const result: Record<string, unknown> = isMapping(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

function leavesOf(
  value: unknown,
  path: readonly string[] = [],
  into = new Map<string, unknown>(),
): Map<string, unknown> {
  if (isMapping(value) && Object.keys(value).length > 0) {
    for (const [key, part] of Object.entries(value)) leavesOf(part, [...path, key], into);
  } else if (value !== undefined && path.length > 0) {
    into.set(JSON.stringify(path), value);
  }
  return into;
}

function valueAt(root: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, step) => (isMapping(value) ? value[step] : undefined), root);
}

function setAt(root: object, path: readonly string[], value: unknown): void {
  let at = root as Record<string, unknown>;
  for (const step of path.slice(0, -1)) {
    if (!isMapping(at[step])) at[step] = {};
    at = at[step] as Record<string, unknown>;
  }
  at[path.at(-1) ?? ""] = value;
}

function removeAt(root: object, path: readonly string[]): void {
  const parent = valueAt(root, path.slice(0, -1));
  if (typeof parent === "object" && parent !== null) Reflect.deleteProperty(parent, path.at(-1) ?? "");
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
