/** Deletion of an ExternalSecret: lets go of the finalizer that ESO put there. We set none: the garbage collector does the work. */
import type { ExternalSecret } from "../../api/external-secret.ts";
import { EXTERNAL_SECRET_FINALIZER } from "../../api/labels.ts";
import { EXTERNAL_SECRET } from "../../api/resource-types.ts";
import type { KubeClient } from "../kube/contracts.ts";
import { isNotFound } from "../kube/kube-api-error.ts";

/**
 * Removes ESO's finalizer, without which an object that came from there would never go away. Does nothing where there is none.
 * @throws KubeApiError; a conflict where the object changed meanwhile, whose event brings it here again.
 */
export async function releaseFinalizer(
  kube: KubeClient,
  { metadata }: ExternalSecret,
  signal: AbortSignal,
): Promise<void> {
  const { name, namespace = "", uid, resourceVersion, finalizers = [] } = metadata;
  if (!finalizers.includes(EXTERNAL_SECRET_FINALIZER)) return;
  const kept = finalizers.filter((finalizer) => finalizer !== EXTERNAL_SECRET_FINALIZER);
  try {
    const patch = { metadata: { uid, resourceVersion, finalizers: kept } };
    await kube.mergePatch(EXTERNAL_SECRET, { name, namespace }, patch, {}, signal);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
