/** Deletes targets of other kinds: only what the ExternalSecret controls. */
import type { ExternalSecret } from "../../api/external-secret.ts";
import { EXTERNAL_SECRET } from "../../api/resource-types.ts";
import { targetNameOf } from "../../engine/desired-secret.ts";
import type { EmptyTarget } from "../external-secret/empty-result.ts";
import { isOwnedBy } from "../external-secret/ownership.ts";
import { SecretNotOurs } from "../external-secret/problems.ts";
import type { KubeClient, KubeObject, ResourceType } from "../kube/contracts.ts";
import { isConflict, isNotFound } from "../kube/kube-api-error.ts";
import { keyOf } from "../kube/object-key.ts";
import { readTarget } from "./apply-target.ts";
import { permitted } from "./refusals.ts";
import type { TargetWork } from "./sync-target.ts";

/**
 * The target, for the case that the backends gave nothing.
 * @throws KubeApiError, TargetForbidden
 */
export async function emptyTarget(
  kube: KubeClient,
  externalSecret: ExternalSecret,
  type: ResourceType,
  signal: AbortSignal,
): Promise<EmptyTarget> {
  const name = targetNameOf(externalSecret);
  const { namespace = "", uid = "" } = externalSecret.metadata;
  const live = await permitted(type, () => readTarget(kube, type, { name, namespace }, signal));
  return {
    exists: live !== undefined,
    async delete(inner: AbortSignal): Promise<string | undefined> {
      if (live === undefined) return undefined;
      if (!isOwnedBy(live, { uid })) {
        throw new SecretNotOurs(`${type.kind} "${namespace}/${name}" is not owned by this ${EXTERNAL_SECRET.kind}`, {
          field: "spec.target.name",
          remedy: `delete the ${type.kind}, or set spec.target.deletionPolicy to Retain`,
        });
      }
      return (await deleted(kube, type, live, inner)) ? name : undefined;
    },
  };
}

/** @returns whether it was there. @throws a conflict where it changed meanwhile */
async function deleted(
  kube: KubeClient,
  type: ResourceType,
  { metadata }: Pick<KubeObject, "metadata">,
  signal: AbortSignal,
): Promise<boolean> {
  const { name, namespace = "", uid = "", resourceVersion = "" } = metadata;
  try {
    await permitted(type, () =>
      kube.delete(type, { name, namespace }, { preconditions: { uid, resourceVersion } }, signal),
    );
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** Deletes what the ExternalSecret controls of this kind under another name. @returns the names */
export async function pruneTargets(
  kube: KubeClient,
  { externalSecret, target, targets }: Pick<TargetWork, "externalSecret" | "target" | "targets">,
  type: ResourceType,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { namespace = "", uid = "" } = externalSecret.metadata;
  const current = keyOf({ namespace, name: targetNameOf(externalSecret) });
  const pruned: string[] = [];
  for (const record of targets.ownedBy(target, uid)) {
    if (keyOf(record.metadata) === current || record.metadata.namespace !== namespace) continue;
    try {
      if (await deleted(kube, type, record, signal)) pruned.push(record.metadata.name);
    } catch (error) {
      // Changed since we saw it: the next pass looks again.
      if (!isConflict(error)) throw error;
    }
  }
  return pruned;
}
