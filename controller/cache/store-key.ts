/** Names of stores: as queue keys, and as an ExternalSecret refers to them. */
import type { ExternalSecret } from "../../api/external-secret.ts";
import type { StoreRef } from "../../engine/fetch-secret-data.ts";

/** `SecretStore/namespace/name` or `ClusterSecretStore/name`. */
export type StoreKey = `SecretStore/${string}/${string}` | `ClusterSecretStore/${string}`;

/** The key of the store that a reference in `namespace` means. */
export function storeKeyOf(ref: StoreRef, namespace: string): StoreKey {
  return ref.kind === "ClusterSecretStore" ? `ClusterSecretStore/${ref.name}` : `SecretStore/${namespace}/${ref.name}`;
}

/** A reference to a store, with the field that holds it. */
export interface StoreRefField extends StoreRef {
  /** `spec.secretStoreRef`, `spec.data[0].sourceRef.storeRef`. */
  readonly field: string;
}

/** All stores that an ExternalSecret reads from, each once; references without a name are left out. */
export function storeRefsOf(externalSecret: ExternalSecret): readonly StoreRefField[] {
  const { secretStoreRef, data = [], dataFrom = [] } = externalSecret.spec;
  const usesDefault =
    data.some((entry) => entry.sourceRef?.storeRef === undefined) ||
    dataFrom.some(({ sourceRef }) => sourceRef?.storeRef === undefined && sourceRef?.generatorRef === undefined);
  const candidates = [
    { ref: usesDefault ? secretStoreRef : undefined, field: "spec.secretStoreRef" },
    ...data.map(({ sourceRef }, index) => ({
      ref: sourceRef?.storeRef,
      field: `spec.data[${index}].sourceRef.storeRef`,
    })),
    ...dataFrom.map(({ sourceRef }, index) => ({
      ref: sourceRef?.storeRef,
      field: `spec.dataFrom[${index}].sourceRef.storeRef`,
    })),
  ];
  const found = new Map<string, StoreRefField>();
  for (const { ref, field } of candidates) {
    if (ref?.name === undefined || ref.name === "") continue;
    const kind = ref.kind ?? "SecretStore";
    const key = `${kind}/${ref.name}`;
    if (!found.has(key)) found.set(key, { name: ref.name, kind, field });
  }
  return [...found.values()];
}

/** The keys of all stores that an ExternalSecret reads from; none where there is none. */
export function storeKeysOf(externalSecret: ExternalSecret | undefined): readonly StoreKey[] {
  if (externalSecret === undefined) return [];
  const { namespace = "" } = externalSecret.metadata;
  return storeRefsOf(externalSecret).map((ref) => storeKeyOf(ref, namespace));
}
