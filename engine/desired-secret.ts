/** The Secret that an ExternalSecret asks for, given the data that was read for it. */
import type { ExternalSecret } from "../api/external-secret.ts";
import { CREATED_BY_LABEL, createdByOf, DATA_HASH_ANNOTATION, MANAGED_LABEL } from "../api/labels.ts";
import type { SecretMap } from "../providers/secret-map.ts";
import { dataHash } from "./hashes.ts";

/** What must stand in the cluster; `data` never prints itself. */
export interface DesiredSecret {
  readonly name: string;
  readonly namespace: string;
  readonly type: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly data: SecretMap;
  /** Whether the ExternalSecret is its controller owner, so that deleting the one collects the other. */
  readonly owned: boolean;
}

/** It holds the ExternalSecret's own manifest and would make `kubectl apply` on the Secret go wrong. */
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

function without(map: Readonly<Record<string, string>> | undefined, key: string): Record<string, string> {
  return Object.fromEntries(Object.entries(map ?? {}).filter(([name]) => name !== key));
}

/** The name of the target Secret: `spec.target.name`, or the ExternalSecret's own name. */
export function targetNameOf(externalSecret: ExternalSecret): string {
  const name = externalSecret.spec.target?.name;
  return name === undefined || name === "" ? externalSecret.metadata.name : name;
}

/**
 * As ESO makes it without a template: labels and annotations of the ExternalSecret, the managed label, the owner's label
 * where it is owned, and the hash of the data by which a hand edit is noticed.
 */
export function desiredSecret(externalSecret: ExternalSecret, data: SecretMap): DesiredSecret {
  const { name, namespace = "" } = externalSecret.metadata;
  const owned = (externalSecret.spec.target?.creationPolicy ?? "Owner") === "Owner";
  return {
    name: targetNameOf(externalSecret),
    namespace,
    type: "Opaque",
    labels: {
      ...externalSecret.metadata.labels,
      [MANAGED_LABEL]: "true",
      ...(owned ? { [CREATED_BY_LABEL]: createdByOf(namespace, name) } : {}),
    },
    annotations: {
      ...without(externalSecret.metadata.annotations, LAST_APPLIED),
      [DATA_HASH_ANNOTATION]: dataHash(data),
    },
    data,
    owned,
  };
}
