/** Makes a target that is no Secret what it should be, and writes only where it is not. */
import type { ExternalSecret } from "../../api/external-secret.ts";
import { fieldManagerOf } from "../../api/labels.ts";
import { SecretMap } from "../../providers/secret-map.ts";
import { type AppliedSecret, ownerReferenceTo } from "../external-secret/apply-secret.ts";
import { type DataScope, leftoversOf } from "../external-secret/leftovers.ts";
import { isOwnedBy, requireOwnership, staleOwnerReferences } from "../external-secret/ownership.ts";
import { dropStaleOwners } from "../external-secret/stale-owners.ts";
import type { KubeClient, KubeObject, OwnerReference, ResourceType } from "../kube/contracts.ts";
import { type FieldConflict, isConflict, isNotFound, KubeApiError } from "../kube/kube-api-error.ts";
import { type DesiredTarget, hasSameHash, holds } from "./desired-target.ts";
import { sealedTarget } from "./sealed-target.ts";

/** An object of any kind, with the content of a ConfigMap where it is one. */
export interface TargetObject extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
  readonly immutable?: boolean;
}

/** The end of an apply. */
export interface AppliedTarget extends AppliedSecret {
  /** As it is now; unset where there is none. */
  readonly object?: TargetObject;
}

const UNDISPUTED = { conflicts: [], isFrozen: false } as const;

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
  rendered: DesiredTarget,
  isEdited: boolean,
  signal: AbortSignal,
): Promise<AppliedTarget> {
  const { creationPolicy } = externalSecret.spec.target ?? {};
  const merges = creationPolicy === "Merge" || creationPolicy === "CreateOrMerge";
  const dataScope = dataScopeOf(type, merges);
  const live = await readTarget(kube, type, rendered, signal);
  if (live === undefined && creationPolicy === "Merge") return { change: "missing", ...UNDISPUTED };
  const owner = ownerReferenceTo(externalSecret);
  if (live !== undefined) requireOwnership(live, owner, rendered, rendered.kind);
  const { desired, isFrozen } = sealedTarget(externalSecret, type, live, rendered);
  if (live !== undefined) {
    if (isFrozen) return { change: "unchanged", object: live, conflicts: [], isFrozen };
    if (!isEdited && !differs(live, desired, owner, dataScope)) {
      return { change: "unchanged", object: live, ...UNDISPUTED };
    }
    await dropStaleOwners(kube, type, live, owner, desired.owned, signal);
  }
  const writing = { kube, type, owner, dataScope, merges, isSealed: live?.immutable === true };
  const { object, conflicts } = await write(writing, desired, signal);
  if (live === undefined) return { change: "created", object, conflicts, isFrozen };
  const isSame = object.metadata.resourceVersion === live.metadata.resourceVersion;
  return { change: isSame ? "unchanged" : "updated", object, conflicts, isFrozen };
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

interface Writing {
  readonly kube: KubeClient;
  readonly type: ResourceType;
  readonly owner: OwnerReference;
  readonly dataScope: DataScope;
  /** Others write the object as well: what is taken over from them is told. */
  readonly merges: boolean;
  /** It is an immutable ConfigMap already: its data is as it must be. */
  readonly isSealed: boolean;
}

interface Written {
  readonly object: TargetObject;
  readonly conflicts: readonly FieldConflict[];
}

/** The data first, then the seal: what is left over could not be removed from an immutable ConfigMap. */
async function write(writing: Writing, desired: DesiredTarget, signal: AbortSignal): Promise<Written> {
  const { kube, type, owner, dataScope } = writing;
  const { name, namespace, labels, annotations } = desired;
  const fieldManager = fieldManagerOf(owner.name);
  const { immutable: seal, ...unsealed } = desired.body;
  const first = writing.isSealed ? desired.body : unsealed;
  const { object: applied, conflicts } = await applyBody(writing, desired, first, signal);
  const data = new SecretMap(keysOf(desired).map((key) => [key, new Uint8Array()]));
  const leftovers = leftoversOf(applied, { data, labels, annotations }, fieldManager, dataScope);
  const object =
    leftovers === undefined
      ? applied
      : await kube.mergePatch<TargetObject>(type, { name, namespace }, leftovers, { fieldManager }, signal);
  if (seal === undefined || writing.isSealed) return { object, conflicts };
  return { object: (await applyBody(writing, desired, desired.body, signal)).object, conflicts };
}

/** By force; where others write the object as well, first without, so that the API server tells what is taken over. */
async function applyBody(
  { kube, type, owner, merges }: Writing,
  { name, namespace, labels, annotations, owned }: DesiredTarget,
  body: DesiredTarget["body"],
  signal: AbortSignal,
): Promise<Written> {
  const fieldManager = fieldManagerOf(owner.name);
  const metadata = { name, namespace, labels, annotations, ...(owned ? { ownerReferences: [owner] } : {}) };
  const object = { ...body, metadata };
  const apply = (force: boolean) => kube.apply<TargetObject>(type, object, { fieldManager, force }, signal);
  if (!merges) return { object: await apply(true), conflicts: [] };
  try {
    return { object: await apply(false), conflicts: [] };
  } catch (error) {
    if (!(error instanceof KubeApiError) || error.conflicts.length === 0) throw error;
    const conflicts = error.conflicts.filter(({ manager }) => manager !== fieldManager);
    return { object: await apply(true), conflicts };
  }
}
