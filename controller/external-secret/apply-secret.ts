/** Step 4: makes the Secret in the cluster what it should be, and writes only where it is not. */
import type { ExternalSecret } from "../../api/external-secret.ts";
import { DATA_HASH_ANNOTATION, fieldManagerOf } from "../../api/labels.ts";
import { API_VERSION, EXTERNAL_SECRET } from "../../api/resource-types.ts";
import type { DesiredSecret } from "../../engine/desired-secret.ts";
import type { Caches } from "../cache/caches.ts";
import { type KubeSecret, type SecretRecord, secretRecordOf } from "../cache/secret-record.ts";
import { SECRET } from "../core-resources.ts";
import type { KubeClient, OwnerReference } from "../kube/contracts.ts";
import { type FieldConflict, isConflict, isNotFound } from "../kube/kube-api-error.ts";
import { keyOf } from "../kube/object-key.ts";
import { leftoversOf } from "./leftovers.ts";
import { isOwnedBy, requireOwnership, staleOwnerReferences } from "./ownership.ts";
import { TargetImmutable, TargetTypeDiffers } from "./problems.ts";
import { dropStaleOwners } from "./stale-owners.ts";
import { type PlanOptions, planTarget, type TargetPlan } from "./target-plan.ts";

export interface ApplySecretParts {
  readonly kube: KubeClient;
  readonly caches: Pick<Caches, "currentSecrets">;
}

/** What was done to the Secret; `missing`: creationPolicy Merge found none. */
export type SecretChange = "created" | "updated" | "unchanged" | "missing";

/** The end of an apply. */
export interface AppliedSecret {
  readonly change: SecretChange;
  /** Fields of another field manager that were taken over. */
  readonly conflicts: readonly FieldConflict[];
  /** The Secret is immutable by our own wish, and holds other data than the backend. */
  readonly isFrozen: boolean;
  /** Names the data that was written, where it differs from what was there; says nothing about it. */
  readonly contentVersion?: string;
}

/** A Secret that others write as well may change between our read and our write; then both are done again, so often. */
const MAX_ATTEMPTS = 3;

/**
 * Server-side apply with our field manager, by force; then what others put into the data goes, unless it is merged into.
 * @param isEdited the ExternalSecret changed since the last sync: a Secret with labels beyond what is desired is then applied in any case,
 * since they may be what the ExternalSecret no longer has.
 * @throws OwnershipConflict, TargetImmutable, TargetTypeDiffers, KubeApiError
 */
export async function applySecret(
  parts: ApplySecretParts,
  externalSecret: ExternalSecret,
  desired: DesiredSecret,
  isEdited: boolean,
  signal: AbortSignal,
): Promise<AppliedSecret> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await applyOnce(parts, externalSecret, desired, isEdited, signal);
    } catch (error) {
      if (!isConflict(error) || attempt >= MAX_ATTEMPTS) throw error;
    }
  }
}

async function applyOnce(
  parts: ApplySecretParts,
  externalSecret: ExternalSecret,
  desired: DesiredSecret,
  isEdited: boolean,
  signal: AbortSignal,
): Promise<AppliedSecret> {
  const options = planOptionsOf(externalSecret);
  const { current, live } = await readTarget(parts, desired, options.merges || desired.immutable, signal);
  const plan = planTarget(desired, live, options);
  const { conflicts, isFrozen } = plan;
  if (current === undefined && externalSecret.spec.target?.creationPolicy === "Merge") {
    return { change: "missing", conflicts, isFrozen };
  }
  const owner = ownerReferenceTo(externalSecret);
  if (current !== undefined) {
    requireOwnership(current, owner, plan.desired);
    const isSettled = !isEdited || !holdsMore(current, plan.desired);
    if (isSettled && !differs(current, plan.desired, owner) && (current.immutable || !desired.immutable)) {
      return { change: "unchanged", conflicts, isFrozen };
    }
    requireWritable(current, plan.desired);
  }
  const present = current && {
    isImmutable: current.immutable,
    version: await dropStaleOwners(parts.kube, SECRET, current, owner, desired.owned, signal),
  };
  const applied = await writePlan(parts, plan, owner, present, signal);
  parts.caches.currentSecrets.note(secretRecordOf(applied));
  const content = contentVersionOf(current, secretRecordOf(applied));
  if (current === undefined) return { change: "created", conflicts, isFrozen, ...content };
  const isSame = applied.metadata.resourceVersion === current.metadata.resourceVersion;
  return { change: isSame ? "unchanged" : "updated", conflicts, isFrozen, ...content };
}

/** The resource version of the write, for a hash of the data would let whoever reads the status try values out. */
function contentVersionOf(
  before: SecretRecord | undefined,
  { dataHash, metadata: { resourceVersion } }: SecretRecord,
): { readonly contentVersion?: string } {
  return before?.dataHash === dataHash || resourceVersion === undefined ? {} : { contentVersion: resourceVersion };
}

function planOptionsOf({ metadata, spec: { target } }: ExternalSecret): PlanOptions {
  return {
    fieldManager: fieldManagerOf(metadata.name),
    merges: target?.creationPolicy === "Merge" || target?.creationPolicy === "CreateOrMerge",
    namesType: target?.template?.type !== undefined,
  };
}

interface Target {
  readonly current: SecretRecord | undefined;
  /** The whole Secret; unset where there is none, or where what the cache knows of it is enough. */
  readonly live: KubeSecret | undefined;
}

/** A Secret without the managed label is not in the cache: whether there is one only the API server knows. */
async function readTarget(
  { kube, caches }: ApplySecretParts,
  { name, namespace }: DesiredSecret,
  needsLive: boolean,
  signal: AbortSignal,
): Promise<Target> {
  const cached = caches.currentSecrets.get(keyOf({ name, namespace }));
  if (cached !== undefined && !needsLive) return { current: cached, live: undefined };
  try {
    const live = await kube.get<KubeSecret>(SECRET, { name, namespace }, signal);
    return { current: secretRecordOf(live), live };
  } catch (error) {
    if (isNotFound(error)) return { current: undefined, live: undefined };
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
  return (
    current.dataHash !== desired.annotations[DATA_HASH_ANNOTATION] ||
    current.type !== desired.type ||
    (desired.owned && !isOwnedBy(current, owner)) ||
    staleOwnerReferences(current, owner, desired.owned).length > 0 ||
    !includes(current.metadata.labels, desired.labels) ||
    !desired.finalizers.every((finalizer) => current.metadata.finalizers?.includes(finalizer)) ||
    !includes(current.metadata.annotations, desired.annotations)
  );
}

/** Whether the Secret has labels, annotations or finalizers beyond what is desired: they may be ours, from before an edit. */
function holdsMore({ metadata }: SecretRecord, desired: DesiredSecret): boolean {
  const isWithin = (actual: Readonly<Record<string, string>> = {}, wanted: Readonly<Record<string, string>>) =>
    Object.keys(actual).every((key) => Object.hasOwn(wanted, key));
  return (
    !isWithin(metadata.labels, desired.labels) ||
    !isWithin(metadata.annotations, desired.annotations) ||
    !(metadata.finalizers ?? []).every((finalizer) => desired.finalizers.includes(finalizer))
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

/** The data first, then the seal: what is left over could not be removed from an immutable Secret. */
async function writePlan(
  parts: ApplySecretParts,
  plan: TargetPlan,
  owner: OwnerReference,
  present: { readonly isImmutable: boolean; readonly version: string | undefined } | undefined,
  signal: AbortSignal,
): Promise<KubeSecret> {
  // What is merged was read in one version, and is written onto that version only.
  const resourceVersion = plan.dataScope === "all" ? undefined : present?.version;
  const immutable = present?.isImmutable ?? plan.desired.immutable;
  const applied = await write(parts, plan, owner, { immutable, resourceVersion }, signal);
  if (!plan.desired.immutable || applied.immutable) return applied;
  return write(parts, plan, owner, { immutable: true, resourceVersion: applied.metadata.resourceVersion }, signal);
}

async function write(
  { kube }: ApplySecretParts,
  { desired, type, dataScope }: TargetPlan,
  owner: OwnerReference,
  { immutable, resourceVersion }: { readonly immutable: boolean; readonly resourceVersion: string | undefined },
  signal: AbortSignal,
): Promise<KubeSecret> {
  const { name, namespace, labels, annotations } = desired;
  const fieldManager = fieldManagerOf(owner.name);
  const data: Record<string, string> = {};
  for (const [key, value] of desired.data) data[key] = Buffer.from(value).toString("base64");
  const body = {
    metadata: {
      ...{ name, namespace, labels, annotations },
      ...(desired.owned ? { ownerReferences: [owner] } : {}),
      ...(desired.finalizers.length > 0 ? { finalizers: desired.finalizers } : {}),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
    ...(type === undefined ? {} : { type }),
    ...(immutable ? { immutable } : {}),
    // An empty map would be a field of its own.
    ...(desired.data.size > 0 ? { data } : {}),
  };
  const applied = await kube.apply<KubeSecret>(SECRET, body, { fieldManager, force: true }, signal);
  const leftovers = leftoversOf(applied, desired, fieldManager, dataScope);
  if (leftovers === undefined) return applied;
  return kube.mergePatch<KubeSecret>(SECRET, { name, namespace }, leftovers, { fieldManager }, signal);
}
