/** Step 4: makes the Secret in the cluster what it should be, and writes only where it is not. */
import type { ExternalSecret } from "../../api/external-secret.ts";
import { DATA_HASH_ANNOTATION, fieldManagerOf } from "../../api/labels.ts";
import { API_VERSION, EXTERNAL_SECRET } from "../../api/resource-types.ts";
import type { DesiredSecret } from "../../engine/desired-secret.ts";
import type { Caches } from "../cache/caches.ts";
import { type KubeSecret, type SecretRecord, secretRecordOf } from "../cache/secret-record.ts";
import { SECRET } from "../core-resources.ts";
import type { KubeClient, OwnerReference } from "../kube/contracts.ts";
import { isNotFound } from "../kube/kube-api-error.ts";
import { keyOf } from "../kube/object-key.ts";
import { leftoversOf } from "./leftovers.ts";
import { requireOwnership, staleOwnerReferences } from "./ownership.ts";
import { TargetImmutable, TargetTypeDiffers } from "./problems.ts";

export interface ApplySecretParts {
  readonly kube: KubeClient;
  readonly caches: Pick<Caches, "currentSecrets">;
}

/** What was done to the Secret. */
export type SecretChange = "created" | "updated" | "unchanged";

/**
 * Server-side apply with our field manager, by force; then what others put into the data goes.
 * @param isEdited the ExternalSecret changed since the last sync: then it is applied in any case, for labels that it no longer has.
 * @throws OwnershipConflict, TargetImmutable, TargetTypeDiffers, KubeApiError
 */
export async function applySecret(
  parts: ApplySecretParts,
  externalSecret: ExternalSecret,
  desired: DesiredSecret,
  isEdited: boolean,
  signal: AbortSignal,
): Promise<SecretChange> {
  const current = await currentSecret(parts, desired, signal);
  const owner = ownerReferenceTo(externalSecret);
  if (current !== undefined) {
    requireOwnership(current, owner, desired);
    if (!isEdited && !differs(current, desired, owner)) return "unchanged";
    requireWritable(current, desired);
    await dropStaleOwners(parts, current, owner, signal);
  }
  const applied = await write(parts, externalSecret, desired, owner, signal);
  parts.caches.currentSecrets.note(secretRecordOf(applied));
  if (current === undefined) return "created";
  return applied.metadata.resourceVersion === current.metadata.resourceVersion ? "unchanged" : "updated";
}

/** A Secret without the managed label is not in the cache: whether there is one only the API server knows. */
async function currentSecret(
  { kube, caches }: ApplySecretParts,
  desired: DesiredSecret,
  signal: AbortSignal,
): Promise<SecretRecord | undefined> {
  const { name, namespace } = desired;
  const cached = caches.currentSecrets.get(keyOf({ name, namespace }));
  if (cached !== undefined) return cached;
  try {
    return secretRecordOf(await kube.get<KubeSecret>(SECRET, { name, namespace }, signal));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** ESO's own reference, so that each takes the other's over. */
export function ownerReferenceTo({ metadata }: ExternalSecret): OwnerReference {
  return {
    apiVersion: API_VERSION,
    kind: EXTERNAL_SECRET.kind,
    name: metadata.name,
    uid: metadata.uid ?? "",
    controller: true,
    blockOwnerDeletion: true,
  };
}

function includes(actual: Readonly<Record<string, string>> | undefined, wanted: Readonly<Record<string, string>>) {
  return Object.entries(wanted).every(([key, value]) => actual?.[key] === value);
}

/** Whether the Secret lacks anything of what is desired, or its data is not exactly that. */
export function differs(current: SecretRecord, desired: DesiredSecret, owner: OwnerReference): boolean {
  const isOwned = current.metadata.ownerReferences?.some(({ uid, controller }) => uid === owner.uid && controller);
  return (
    current.dataHash !== desired.annotations[DATA_HASH_ANNOTATION] ||
    current.type !== desired.type ||
    (desired.owned && !isOwned) ||
    !includes(current.metadata.labels, desired.labels) ||
    !desired.finalizers.every((finalizer) => current.metadata.finalizers?.includes(finalizer)) ||
    !includes(current.metadata.annotations, desired.annotations)
  );
}

function requireWritable(current: SecretRecord, desired: DesiredSecret): void {
  const remedy = "delete the Secret, or choose another spec.target.name";
  if (current.type !== desired.type) {
    const message = `Secret "${keyOf(desired)}" has type "${current.type}", which cannot become "${desired.type}"`;
    throw new TargetTypeDiffers(message, { field: "spec.target.name", remedy });
  }
  if (current.immutable && current.dataHash !== desired.annotations[DATA_HASH_ANNOTATION]) {
    const message = `Secret "${keyOf(desired)}" is immutable and holds other data`;
    throw new TargetImmutable(message, { field: "spec.target.name", remedy });
  }
}

/** An ExternalSecret that was deleted and made anew finds the reference to its earlier self, which no second one may join. */
async function dropStaleOwners(
  { kube }: ApplySecretParts,
  current: SecretRecord,
  owner: OwnerReference,
  signal: AbortSignal,
): Promise<void> {
  const stale = staleOwnerReferences(current, owner);
  if (stale.length === 0) return;
  const { name, namespace = "", uid, resourceVersion, ownerReferences = [] } = current.metadata;
  const kept = ownerReferences.filter((reference) => !stale.includes(reference));
  const patch = { metadata: { uid, resourceVersion, ownerReferences: [...kept, owner] } };
  await kube.mergePatch(SECRET, { name, namespace }, patch, { fieldManager: fieldManagerOf(owner.name) }, signal);
}

async function write(
  { kube }: ApplySecretParts,
  externalSecret: ExternalSecret,
  desired: DesiredSecret,
  owner: OwnerReference,
  signal: AbortSignal,
): Promise<KubeSecret> {
  const { name, namespace, labels, annotations, type } = desired;
  const fieldManager = fieldManagerOf(externalSecret.metadata.name);
  const data: Record<string, string> = {};
  for (const [key, value] of desired.data) data[key] = Buffer.from(value).toString("base64");
  const metadata = {
    ...{ name, namespace, labels, annotations },
    ...(desired.owned ? { ownerReferences: [owner] } : {}),
    ...(desired.finalizers.length > 0 ? { finalizers: desired.finalizers } : {}),
  };
  const applied = await kube.apply<KubeSecret>(SECRET, { metadata, type, data }, { fieldManager, force: true }, signal);
  const leftovers = leftoversOf(applied, desired, fieldManager);
  if (leftovers === undefined) return applied;
  return kube.mergePatch<KubeSecret>(SECRET, { name, namespace }, leftovers, { fieldManager }, signal);
}
