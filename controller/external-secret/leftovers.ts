/** What a server-side apply leaves in a Secret and should not: keys of others, and what an earlier ESO put there under our name. */
import type { DesiredSecret } from "../../engine/desired-secret.ts";
import type { KubeSecret } from "../cache/secret-record.ts";

interface ManagedFields {
  readonly manager?: string;
  readonly operation?: string;
  readonly fieldsV1?: { readonly "f:metadata"?: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
}

type Metadata = KubeSecret["metadata"] & { readonly managedFields?: readonly ManagedFields[] };
type Removals = Readonly<Record<string, null>>;

/**
 * A merge patch that removes it; undefined where nothing is left over. The whole data is ours under creationPolicy Owner, so that
 * a hand edit does not stay. Of labels and annotations only those go that were written by our field manager as an update (ESO
 * writes so), and by nobody else.
 */
export function leftoversOf(applied: KubeSecret, desired: DesiredSecret, fieldManager: string): object | undefined {
  const metadata: Metadata = applied.metadata;
  const data = removals(Object.keys(applied.data ?? {}), (key) => desired.data.has(key));
  const labels = staleOf(metadata.managedFields ?? [], "f:labels", fieldManager, desired.labels);
  const annotations = staleOf(metadata.managedFields ?? [], "f:annotations", fieldManager, desired.annotations);
  if ([data, labels, annotations].every((part) => Object.keys(part).length === 0)) return undefined;
  const { uid, resourceVersion } = metadata;
  return { metadata: { uid, resourceVersion, labels, annotations }, data };
}

function removals(keys: readonly string[], isWanted: (key: string) => boolean): Removals {
  return Object.fromEntries(keys.filter((key) => !isWanted(key)).map((key) => [key, null]));
}

function staleOf(
  entries: readonly ManagedFields[],
  part: "f:labels" | "f:annotations",
  fieldManager: string,
  wanted: Readonly<Record<string, string>>,
): Removals {
  const fieldsOf = (entry: ManagedFields) =>
    Object.keys(entry.fieldsV1?.["f:metadata"]?.[part] ?? {}).flatMap((field) =>
      field.startsWith("f:") ? [field.slice(2)] : [],
    );
  const isOurUpdate = ({ manager, operation }: ManagedFields) => manager === fieldManager && operation === "Update";
  const others = new Set(entries.filter((entry) => !isOurUpdate(entry)).flatMap(fieldsOf));
  const ours = entries.filter(isOurUpdate).flatMap(fieldsOf);
  return removals(ours, (key) => Object.hasOwn(wanted, key) || others.has(key));
}
