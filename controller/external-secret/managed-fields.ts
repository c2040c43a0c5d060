/** Who set which field of a Secret, as the API server records it in `metadata.managedFields`. */
import type { KubeSecret } from "../cache/secret-record.ts";

/** The parts of a Secret that hold a map of keys. */
export type MapPart = "f:data" | "f:labels" | "f:annotations";

type FieldSet = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** One entry of `metadata.managedFields`. */
export interface ManagedFields {
  readonly manager?: string;
  readonly operation?: string;
  readonly fieldsV1?: { readonly "f:metadata"?: FieldSet; readonly "f:data"?: Readonly<Record<string, unknown>> };
}

/** The entries of a Secret; empty where the API server gave none. */
export function managedFieldsOf({ metadata }: KubeSecret): readonly ManagedFields[] {
  const { managedFields = [] }: KubeSecret["metadata"] & { readonly managedFields?: readonly ManagedFields[] } =
    metadata;
  return managedFields;
}

/** The keys of a map that an entry has set. */
export function keysOf({ fieldsV1 }: ManagedFields, part: MapPart): readonly string[] {
  const fields = part === "f:data" ? fieldsV1?.["f:data"] : fieldsV1?.["f:metadata"]?.[part];
  return Object.keys(fields ?? {}).flatMap((field) => (field.startsWith("f:") ? [field.slice(2)] : []));
}

/** The keys of the Secret's data that only this field manager has set, by apply or by update. */
export function ownDataKeys(secret: KubeSecret, fieldManager: string): ReadonlySet<string> {
  const entries = managedFieldsOf(secret);
  const keysOfThose = (isWanted: (entry: ManagedFields) => boolean) =>
    entries.filter(isWanted).flatMap((entry) => keysOf(entry, "f:data"));
  const others = new Set(keysOfThose(({ manager }) => manager !== fieldManager));
  return new Set(keysOfThose(({ manager }) => manager === fieldManager).filter((key) => !others.has(key)));
}

/** The first other field manager that has set the key. */
export function otherManagerOf(
  secret: KubeSecret,
  part: MapPart,
  key: string,
  fieldManager: string,
): string | undefined {
  return managedFieldsOf(secret).find((entry) => entry.manager !== fieldManager && keysOf(entry, part).includes(key))
    ?.manager;
}
