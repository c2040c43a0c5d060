/** Names that are written on objects of the cluster: labels, annotations, finalizers, field managers. ESO's own, so that either can take over from the other. */
import { createHash } from "node:crypto";

/** Label of every Secret that is kept in sync; its value is `MANAGED_VALUE`. The watch of Secrets selects by it. */
export const MANAGED_LABEL = "reconcile.external-secrets.io/managed";

/** The one value of `MANAGED_LABEL`. */
export const MANAGED_VALUE = "true";

/** Label of an owned Secret: the hash that `createdByOf` gives. Finds the Secrets that a changed `target.name` left behind. */
export const CREATED_BY_LABEL = "reconcile.external-secrets.io/created-by";

/** Annotation of a Secret: the hash of its data when it was written last. A different one means that someone edited it. */
export const DATA_HASH_ANNOTATION = "reconcile.external-secrets.io/data-hash";

/** Annotation that people change to force a refresh. Any other label or annotation does the same. */
export const FORCE_SYNC_ANNOTATION = "external-secrets.io/force-sync";

/** Finalizer of every ExternalSecret. */
export const EXTERNAL_SECRET_FINALIZER = "externalsecrets.external-secrets.io/externalsecret-cleanup";

/** Finalizer of a store while a PushSecret with deletionPolicy Delete refers to it. */
export const SECRET_STORE_FINALIZER = "secretstore.externalsecrets.io/finalizer";

/** Annotation of a custom resource definition: `"true"` permits its deletion, which the policy of `crdProtection` refuses otherwise. */
export const DELETION_ALLOWED_ANNOTATION = "external-secrets.io/deletion-allowed";

/** Label of the custom resource definitions. */
export const COMPONENT_LABEL = "external-secrets.io/component";

/** The value of `COMPONENT_LABEL` on the custom resource definitions. */
export const COMPONENT_CONTROLLER = "controller";

const FIELD_MANAGER_PREFIX = "externalsecrets.external-secrets.io/";

/** Longest field manager that is written in full. */
const MAX_FIELD_MANAGER_LENGTH = 63;

/**
 * The field manager under which an ExternalSecret owns fields of its Secret: `externalsecrets.external-secrets.io/<name>`,
 * or `…/sha3/<sha3-224 of the name, hex>` where that would be longer than 63 characters.
 */
export function fieldManagerOf(externalSecretName: string): string {
  const full = FIELD_MANAGER_PREFIX + externalSecretName;
  return full.length > MAX_FIELD_MANAGER_LENGTH ? `${FIELD_MANAGER_PREFIX}sha3/${sha3Hex(externalSecretName)}` : full;
}

/** The value of `CREATED_BY_LABEL` for the Secrets of an ExternalSecret: hex sha3-224 of `namespace/name`. */
export function createdByOf(namespace: string, externalSecretName: string): string {
  return sha3Hex(`${namespace}/${externalSecretName}`);
}

function sha3Hex(text: string): string {
  return createHash("sha3-224").update(text).digest("hex");
}
