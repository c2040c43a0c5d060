/** What is remembered of a Secret: all that shows drift and ownership, and no value. */
import { dataHash } from "../../engine/hashes.ts";
import type { KubeObject, ObjectMeta, OwnerReference } from "../kube/contracts.ts";

/** A Secret as the API server gives it. */
export interface KubeSecret extends KubeObject {
  readonly type?: string;
  readonly immutable?: boolean;
  /** Base64. */
  readonly data?: Readonly<Record<string, string>>;
}

/** A Secret without its values. */
export interface SecretRecord {
  readonly metadata: ObjectMeta;
  readonly type: string;
  readonly immutable: boolean;
  /** Of the data as it is now, to be held against the annotation of the same name. */
  readonly dataHash: string;
}

const EMPTY: Readonly<Record<string, string>> = Object.freeze({});
const NO_OWNERS: readonly OwnerReference[] = Object.freeze([]);

/** Computes the hash of the data and drops the values. */
export function secretRecordOf(secret: KubeSecret): SecretRecord {
  const { name, namespace = "", uid = "", resourceVersion = "" } = secret.metadata;
  const values = new Map<string, Uint8Array>();
  for (const [key, value] of Object.entries(secret.data ?? {})) values.set(key, Buffer.from(value, "base64"));
  return {
    metadata: {
      name,
      namespace,
      uid,
      resourceVersion,
      labels: secret.metadata.labels ?? EMPTY,
      annotations: secret.metadata.annotations ?? EMPTY,
      ownerReferences: secret.metadata.ownerReferences ?? NO_OWNERS,
      ...(secret.metadata.finalizers === undefined ? {} : { finalizers: secret.metadata.finalizers }),
    },
    type: secret.type ?? "Opaque",
    immutable: secret.immutable ?? false,
    dataHash: dataHash(values),
  };
}

/** What is remembered of any other Secret: that it is there, in which version. */
export interface SecretVersion {
  readonly metadata: Pick<ObjectMeta, "name" | "namespace" | "resourceVersion">;
}

/** For the watches of all Secrets' and ConfigMaps' metadata. */
export function secretVersionOf({ metadata }: KubeObject): SecretVersion {
  const { name, namespace = "", resourceVersion = "" } = metadata;
  return { metadata: { name, namespace, resourceVersion } };
}

/** What is remembered of a namespace: its labels. */
export interface NamespaceRecord {
  readonly metadata: Pick<ObjectMeta, "name" | "resourceVersion"> & {
    readonly labels: Readonly<Record<string, string>>;
  };
}

/** For the watch of namespaces' metadata. */
export function namespaceRecordOf({ metadata }: KubeObject): NamespaceRecord {
  const { name, resourceVersion = "", labels = EMPTY } = metadata;
  return { metadata: { name, resourceVersion, labels } };
}
