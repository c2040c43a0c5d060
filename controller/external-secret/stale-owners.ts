/** Lets go of owner references of ours that are no longer true. */
import { fieldManagerOf } from "../../api/labels.ts";
import type { KubeClient, KubeObject, OwnerReference, ResourceType } from "../kube/contracts.ts";
import { staleOwnerReferences } from "./ownership.ts";

/**
 * An ExternalSecret that was deleted and made anew finds the reference to its earlier self, which no second one may join; one that
 * no longer asks to own its target finds its own.
 * @returns the version that the target has now.
 */
export async function dropStaleOwners(
  kube: KubeClient,
  type: ResourceType,
  current: KubeObject,
  owner: OwnerReference,
  owned: boolean,
  signal: AbortSignal,
): Promise<string | undefined> {
  const stale = staleOwnerReferences(current, owner, owned);
  if (stale.length === 0) return current.metadata.resourceVersion;
  const { name, namespace = "", uid, resourceVersion, ownerReferences = [] } = current.metadata;
  const kept = ownerReferences.filter((reference) => !stale.includes(reference));
  const patch = { metadata: { uid, resourceVersion, ownerReferences: owned ? [...kept, owner] : kept } };
  const fieldManager = fieldManagerOf(owner.name);
  const patched = await kube.mergePatch(type, { name, namespace }, patch, { fieldManager }, signal);
  return patched.metadata.resourceVersion;
}
