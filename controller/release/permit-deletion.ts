/** Lets the CRDs be deleted: takes off what would hold their objects, and what the admission policy asks for. */
import { DELETION_ALLOWED_ANNOTATION } from "../../api/labels.ts";
import { mapBounded } from "../../providers/bounded-parallel.ts";
import { CUSTOM_RESOURCE_DEFINITION } from "../core-resources.ts";
import type { OwnCrd } from "../crds/own-crds.ts";
import { collectObjects } from "../kube/collect-objects.ts";
import type { KubeClient, KubeObject } from "../kube/contracts.ts";
import { isNotFound } from "../kube/kube-api-error.ts";

const PARALLEL = 16;
/** The domains of ESO's finalizers and ours, which no one takes off once the controller is gone. */
const FINALIZER = /(?:^|\.)(?:external-secrets|externalsecrets)\.io\//;

/** Objects of the CRD that would wait for a controller when they are deleted. @throws KubeApiError */
export function heldObjects(
  kube: Pick<KubeClient, "list">,
  { type }: OwnCrd,
  signal: AbortSignal,
): Promise<readonly KubeObject[]> {
  const pick = (object: KubeObject) => (object.metadata.finalizers?.some(isOurs) ? object : undefined);
  return collectObjects(kube, type, { metadataOnly: true }, pick, signal);
}

/** Takes the finalizers off. @throws KubeApiError; a conflict where someone else writes them */
export async function letGoOf(
  kube: Pick<KubeClient, "mergePatch">,
  { type }: OwnCrd,
  held: readonly KubeObject[],
  signal: AbortSignal,
): Promise<void> {
  await mapBounded(held, PARALLEL, async ({ metadata }) => {
    const { uid, resourceVersion, finalizers = [], name, namespace } = metadata;
    const patch = { metadata: { uid, resourceVersion, finalizers: finalizers.filter((one) => !isOurs(one)) } };
    try {
      await kube.mergePatch(type, { name, ...(namespace && { namespace }) }, patch, {}, signal);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  });
}

/** @throws KubeApiError */
export async function permitDeletion(
  kube: Pick<KubeClient, "mergePatch">,
  { name }: OwnCrd,
  signal: AbortSignal,
): Promise<void> {
  const patch = { metadata: { annotations: { [DELETION_ALLOWED_ANNOTATION]: "true" } } };
  await kube.mergePatch(CUSTOM_RESOURCE_DEFINITION, { name }, patch, {}, signal);
}

function isOurs(finalizer: string): boolean {
  return FINALIZER.test(finalizer);
}
