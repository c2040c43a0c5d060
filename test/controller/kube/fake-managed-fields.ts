/** `metadata.managedFields`, as far as the fake API server goes: what was applied, and what objects came with. */
import type { FieldOwners } from "./fake-apply.ts";
import type { FakeObject } from "./fake-object-store.ts";

type FieldSet = { [field: string]: FieldSet };

interface Entry {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly fieldsV1: FieldSet;
}

/** The entry of an object that another manager has written by an update; paths such as `["data", "password"]`. */
export function updatedBy(manager: string, ...paths: readonly (readonly string[])[]): Entry {
  return { manager, operation: "Update", fieldsV1: fieldSetOf(paths) };
}

/**
 * The object with an entry for each manager that has applied fields. Entries of updates stay, without the fields whose values
 * differ from those in `live`: they were taken over.
 */
export function withManagedFields(object: FakeObject, live: FakeObject | undefined, owners: FieldOwners): FakeObject {
  const updates = ((object.metadata.managedFields ?? []) as readonly Entry[])
    .filter(({ operation }) => operation === "Update")
    .map((entry) => ({ ...entry, fieldsV1: unchanged(entry.fieldsV1, object, live) }))
    .filter(({ fieldsV1 }) => Object.keys(fieldsV1).length > 0);
  const applied = [...owners].map(([manager, paths]): Entry => {
    const steps = [...paths].map((path) => JSON.parse(path) as string[]);
    return { manager, operation: "Apply", fieldsV1: fieldSetOf(steps) };
  });
  return { ...object, metadata: { ...object.metadata, managedFields: [...updates, ...applied] } };
}

function fieldSetOf(paths: readonly (readonly string[])[]): FieldSet {
  const root: FieldSet = {};
  for (const path of paths) {
    let at = root;
    for (const step of path) {
      const next = at[`f:${step}`] ?? {};
      at[`f:${step}`] = next;
      at = next;
    }
  }
  return root;
}

function unchanged(fields: FieldSet, object: unknown, live: unknown): FieldSet {
  const kept: FieldSet = {};
  for (const [field, below] of Object.entries(fields)) {
    const [now, before] = [object, live].map(
      (value) => (value as Record<string, unknown> | undefined)?.[field.slice(2)],
    );
    if (Object.keys(below).length === 0) {
      if (JSON.stringify(now) === JSON.stringify(before)) kept[field] = {};
      continue;
    }
    const rest = unchanged(below, now, before);
    if (Object.keys(rest).length > 0) kept[field] = rest;
  }
  return kept;
}
