/** The Secret that an ExternalSecret asks for, given what is to be in it. */
import type { ExternalSecret } from "../api/external-secret.ts";
import { CREATED_BY_LABEL, createdByOf, DATA_HASH_ANNOTATION, MANAGED_LABEL, MANAGED_VALUE } from "../api/labels.ts";
import type { SecretMap } from "../providers/secret-map.ts";
import { dataHash } from "./hashes.ts";

/** What a Secret is rendered to; `data` never prints itself. */
export interface SecretContent {
  readonly type: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Finalizers that the template asks for. */
  readonly finalizers: readonly string[];
  readonly data: SecretMap;
}

/** What must stand in the cluster. */
export interface DesiredSecret extends SecretContent {
  readonly name: string;
  readonly namespace: string;
  /** Whether its data may never be changed again. */
  readonly immutable: boolean;
  /** Whether the ExternalSecret is its controller owner, so that deleting the one collects the other. */
  readonly owned: boolean;
}

/** The name of the target Secret: `spec.target.name`, or the ExternalSecret's own name. */
export function targetNameOf(externalSecret: ExternalSecret): string {
  const name = externalSecret.spec.target?.name;
  return name === undefined || name === "" ? externalSecret.metadata.name : name;
}

/** Adds the managed label, the owner's label where it is owned, and the hash of the data by which a hand edit is noticed. */
export function desiredSecret(externalSecret: ExternalSecret, content: SecretContent): DesiredSecret {
  const { target } = externalSecret.spec;
  return {
    ...content,
    name: targetNameOf(externalSecret),
    namespace: externalSecret.metadata.namespace ?? "",
    labels: { ...content.labels, ...managedLabels(externalSecret) },
    annotations: { ...content.annotations, [DATA_HASH_ANNOTATION]: dataHash(content.data) },
    immutable: target?.immutable === true,
    owned: isOwned(externalSecret),
  };
}

/** The labels of every target. */
export function managedLabels(externalSecret: ExternalSecret): Readonly<Record<string, string>> {
  const { name, namespace = "" } = externalSecret.metadata;
  return {
    [MANAGED_LABEL]: MANAGED_VALUE,
    ...(isOwned(externalSecret) ? { [CREATED_BY_LABEL]: createdByOf(namespace, name) } : {}),
  };
}

function isOwned({ spec }: ExternalSecret): boolean {
  return (spec.target?.creationPolicy ?? "Owner") === "Owner";
}
