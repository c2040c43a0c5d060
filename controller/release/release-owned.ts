/** Takes the references to ExternalSecrets and their like off the objects that these own, so that the objects stay when the owners go. */
import { API_GROUP, GENERATORS_GROUP } from "../../api/resource-types.ts";
import { mapBounded } from "../../providers/bounded-parallel.ts";
import { collectObjects } from "../kube/collect-objects.ts";
import type {
  KubeClient,
  KubeObject,
  ListOptions,
  ObjectName,
  OwnerReference,
  ResourceType,
} from "../kube/contracts.ts";
import { isConflict, isNotFound } from "../kube/kube-api-error.ts";

const PARALLEL = 16;
/** An object that others write as well may change between our read and our write; then both are done again, so often. */
const MAX_ATTEMPTS = 5;
const FIELD_MANAGER = "external-secrets-release";
const GROUPS: readonly string[] = [API_GROUP, GENERATORS_GROUP];

/** An object that an object of ours owns: metadata only. */
export interface OwnedObject {
  readonly type: ResourceType;
  readonly metadata: KubeObject["metadata"];
}

/** Owned objects of that type; no data of theirs is asked for. @throws KubeApiError */
export function ownedObjects(
  kube: Pick<KubeClient, "list">,
  type: ResourceType,
  signal: AbortSignal,
): Promise<readonly OwnedObject[]> {
  return owned(kube, type, {}, signal);
}

function owned(
  kube: Pick<KubeClient, "list">,
  type: ResourceType,
  which: Pick<ListOptions, "namespace" | "fieldSelector">,
  signal: AbortSignal,
): Promise<readonly OwnedObject[]> {
  const pick = ({ metadata }: KubeObject) => (metadata.ownerReferences?.some(isOurs) ? { type, metadata } : undefined);
  return collectObjects(kube, type, { ...which, metadataOnly: true }, pick, signal);
}

/** @returns how many were let go of; the others were gone. @throws KubeApiError */
export async function releaseAll(
  kube: Pick<KubeClient, "list" | "mergePatch">,
  objects: readonly OwnedObject[],
  signal: AbortSignal,
): Promise<number> {
  const released = await mapBounded(objects, PARALLEL, (object) => release(kube, object, signal));
  return released.filter(Boolean).length;
}

function isOurs({ apiVersion }: OwnerReference): boolean {
  return GROUPS.includes(apiVersion.split("/")[0] ?? "");
}

/** On condition that it is still the object that was seen: whoever changes it meanwhile is not overwritten. */
async function release(
  kube: Pick<KubeClient, "list" | "mergePatch">,
  { type, metadata }: OwnedObject,
  signal: AbortSignal,
): Promise<boolean> {
  const ofName = metadata.namespace ? { namespace: metadata.namespace } : {};
  const name: ObjectName = { name: metadata.name, ...ofName };
  let current = metadata;
  for (let attempt = 1; ; attempt++) {
    const { uid, resourceVersion, ownerReferences = [] } = current;
    const patch = {
      metadata: { uid, resourceVersion, ownerReferences: ownerReferences.filter((one) => !isOurs(one)) },
    };
    try {
      await kube.mergePatch(type, name, patch, { fieldManager: FIELD_MANAGER }, signal);
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      if (!isConflict(error) || attempt >= MAX_ATTEMPTS) throw error;
    }
    const live = await owned(kube, type, { ...ofName, fieldSelector: `metadata.name=${metadata.name}` }, signal);
    if (live[0] === undefined) return false;
    current = live[0].metadata;
  }
}
