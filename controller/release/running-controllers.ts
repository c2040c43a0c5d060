/** Finds controllers, ours or ESO's, that would own again what is let go of. */
import { DEPLOYMENT } from "../core-resources.ts";
import { collectObjects } from "../kube/collect-objects.ts";
import type { KubeClient, KubeObject } from "../kube/contracts.ts";
import { isForbidden } from "../kube/kube-api-error.ts";
import { keyOf } from "../kube/object-key.ts";

interface Deployment extends KubeObject {
  readonly spec?: { readonly replicas?: number };
  readonly status?: { readonly replicas?: number };
}

/** The label that the Deployments of ESO's chart and ours have in common. */
const SELECTOR = "app.kubernetes.io/name=external-secrets";

/**
 * `namespace/name` of Deployments that run, or will. None where Deployments may not be listed.
 * @throws KubeApiError
 */
export async function runningControllers(
  kube: Pick<KubeClient, "list">,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const pick = ({ metadata, spec, status }: Deployment) =>
    (spec?.replicas ?? 1) > 0 || (status?.replicas ?? 0) > 0 ? keyOf(metadata) : undefined;
  try {
    return await collectObjects<Deployment, string>(kube, DEPLOYMENT, { labelSelector: SELECTOR }, pick, signal);
  } catch (error) {
    if (isForbidden(error)) return [];
    throw error;
  }
}
