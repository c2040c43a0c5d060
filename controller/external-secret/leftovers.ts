/** What a server-side apply leaves in a Secret and should not: keys of others, and what an earlier ESO put there under our name. */
import type { DesiredSecret } from "../../engine/desired-secret.ts";
import type { KubeSecret } from "../cache/secret-record.ts";
import { keysOf, type ManagedFields, type MapPart, managedFieldsOf } from "./managed-fields.ts";

type Removals = Readonly<Record<string, null>>;

/** Whose keys of the data go: all that are not wanted, those that only our field manager set, or none. */
export type DataScope = "all" | "ours" | "none";

/**
 * A merge patch that removes it; undefined where nothing is left over. Of labels and annotations (and of data, where its scope is
 * `ours`) only those go that were written by our field manager as an update (ESO writes so), and by nobody else.
 */
export function leftoversOf(
  applied: KubeSecret,
  desired: Pick<DesiredSecret, "data" | "labels" | "annotations">,
  fieldManager: string,
  dataScope: DataScope = "all",
): object | undefined {
  const entries = managedFieldsOf(applied);
  const data = {
    all: () => removals(Object.keys(applied.data ?? {}), (key) => desired.data.has(key)),
    ours: () => staleOf(entries, "f:data", fieldManager, (key) => desired.data.has(key)),
    none: () => ({}),
  }[dataScope]();
  const labels = staleOf(entries, "f:labels", fieldManager, (key) => Object.hasOwn(desired.labels, key));
  const annotations = staleOf(entries, "f:annotations", fieldManager, (key) => Object.hasOwn(desired.annotations, key));
  if ([data, labels, annotations].every((part) => Object.keys(part).length === 0)) return undefined;
  const { uid, resourceVersion } = applied.metadata;
  return { metadata: { uid, resourceVersion, labels, annotations }, data };
}

function removals(keys: readonly string[], isWanted: (key: string) => boolean): Removals {
  return Object.fromEntries(keys.filter((key) => !isWanted(key)).map((key) => [key, null]));
}

function staleOf(
  entries: readonly ManagedFields[],
  part: MapPart,
  fieldManager: string,
  isWanted: (key: string) => boolean,
): Removals {
  const isOurUpdate = ({ manager, operation }: ManagedFields) => manager === fieldManager && operation === "Update";
  const others = new Set(entries.filter((entry) => !isOurUpdate(entry)).flatMap((entry) => keysOf(entry, part)));
  const ours = entries.filter(isOurUpdate).flatMap((entry) => keysOf(entry, part));
  return removals(ours, (key) => isWanted(key) || others.has(key));
}
