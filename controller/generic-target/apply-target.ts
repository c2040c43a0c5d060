/** Makes a target that is no Secret what it should be, and writes only where it is not. */
import type { ExternalSecret } from "../../api/external-secret.ts";
import { fieldManagerOf } from "../../api/labels.ts";
import { SecretMap } from "../../providers/secret-map.ts";
import { ownerReferenceTo, type SecretChange } from "../external-secret/apply-secret.ts";
import { type DataScope, leftoversOf } from "../external-secret/leftovers.ts";
import { isOwnedBy, requireOwnership, staleOwnerReferences } from "../external-secret/ownership.ts";
import { dropStaleOwners } from "../external-secret/stale-owners.ts";
import type { KubeClient, KubeObject, OwnerReference, ResourceType } from "../kube/contracts.ts";
import { isConflict, isNotFound } from "../kube/kube-api-error.ts";
import { type DesiredTarget, hasSameHash, holds } from "./desired-target.ts";

/** An object of any kind, with the content of a ConfigMap where it is one. */
export interface TargetObject extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

/** The end of an apply. */
export interface AppliedTarget {
  readonly change: SecretChange;
  /** As it is now; unset where there is none. */
  readonly object?: TargetObject;
}

/** An object that others write as well may change between our read and our write; then both are done again, so often. */
const MAX_ATTEMPTS = 3;

/** @returns undefined where there is none. @throws KubeApiError */
export async function readTarget(
  kube: KubeClient,
  type: ResourceType,
  { name, namespace }: { readonly name: string; readonly namespace: string },
  signal: AbortSignal,
): Promise<TargetObject | undefined> {
  try {
    return await kube.get<TargetObject>(type, { name, namespace }, signal);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/**
 * Server-side apply with our field manager, by force; of a ConfigMap that is ours alone, keys of others go then.
 * @param isEdited the ExternalSecret changed since the last sync: then it is applied in any case, for labels that it no longer has.
 * @throws OwnershipConflict, KubeApiError
 */
export async function applyTarget(
  kube: KubeClient,
  externalSecret: ExternalSecret,
  type: ResourceType,
  desired: DesiredTarget,
  isEdited: boolean,
  signal: AbortSignal,
): Promise<AppliedTarget> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await applyOnce(kube, externalSecret, type, desired, isEdited, signal);
    } catch (error) {
      if (!isConflict(error) || attempt >= MAX_ATTEMPTS) throw error;
    }
  }
}

async function applyOnce(
  kube: KubeClient,
  externalSecret: ExternalSecret,
  type: ResourceType,
  desired: DesiredTarget,
  isEdited: boolean,
  signal: AbortSignal,
): Promise<AppliedTarget> {
  const { creationPolicy } = externalSecret.spec.target ?? {};
  const dataScope = dataScopeOf(type, creationPolicy === "Merge" || creationPolicy === "CreateOrMerge");
  const live = await readTarget(kube, type, desired, signal);
  if (live === undefined && creationPolicy === "Merge") return { change: "missing" };
  const owner = ownerReferenceTo(externalSecret);
  if (live !== undefined) {
    requireOwnership(live, owner, desired, desired.kind);
    if (!isEdited && !differs(live, desired, owner, dataScope)) return { change: "unchanged", object: live };
    await dropStaleOwners(kube, type, live, owner, desired.owned, signal);
  }
  const object = await write(kube, type, desired, owner, dataScope, signal);
  if (live === undefined) return { change: "created", object };
  const isSame = object.metadata.resourceVersion === live.metadata.resourceVersion;
  return { change: isSame ? "unchanged" : "updated", object };
}

/** Of other kinds than ConfigMap nobody knows which fields the API server and others have added rightly. */
function dataScopeOf({ group, kind }: ResourceType, merges: boolean): DataScope {
  if (group !== "" || kind !== "ConfigMap") return "none";
  return merges ? "ours" : "all";
}

function differs(live: TargetObject, desired: DesiredTarget, owner: OwnerReference, dataScope: DataScope): boolean {
  const { labels, annotations } = live.metadata;
  return (
    !hasSameHash(annotations, desired) ||
    !holds(live, desired.body) ||
    !holds(labels ?? {}, desired.labels) ||
    !holds(annotations ?? {}, desired.annotations) ||
    (desired.owned && !isOwnedBy(live, owner)) ||
    staleOwnerReferences(live, owner, desired.owned).length > 0 ||
    (dataScope === "all" && Object.keys(live.data ?? {}).some((key) => !keysOf(desired).includes(key)))
  );
}

function keysOf({ body }: DesiredTarget): readonly string[] {
  return Object.keys(body.data ?? {});
}

async function write(
  kube: KubeClient,
  type: ResourceType,
  desired: DesiredTarget,
  owner: OwnerReference,
  dataScope: DataScope,
  signal: AbortSignal,
): Promise<TargetObject> {
  const { name, namespace, labels, annotations, body, owned } = desired;
  const fieldManager = fieldManagerOf(owner.name);
  const metadata = { name, namespace, labels, annotations, ...(owned ? { ownerReferences: [owner] } : {}) };
  const applied = await kube.apply<TargetObject>(type, { ...body, metadata }, { fieldManager, force: true }, signal);
  const data = new SecretMap(keysOf(desired).map((key) => [key, new Uint8Array()]));
  const leftovers = leftoversOf(applied, { data, labels, annotations }, fieldManager, dataScope);
  if (leftovers === undefined) return applied;
  return kube.mergePatch<TargetObject>(type, { name, namespace }, leftovers, { fieldManager }, signal);
}
