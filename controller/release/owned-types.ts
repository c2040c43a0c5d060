/** Of which resource types there may be objects that ExternalSecrets own. */
import type { ExternalSecret } from "../../api/external-secret.ts";
import { EXTERNAL_SECRET } from "../../api/resource-types.ts";
import { genericTargetOf, type TargetKind } from "../../engine/generic-target.ts";
import { InvalidConfiguration } from "../../providers/errors.ts";
import { SECRET } from "../core-resources.ts";
import { kindKeyOf, ResourceTypes } from "../generic-target/resource-types.ts";
import { collectObjects } from "../kube/collect-objects.ts";
import type { KubeClient, ResourceType } from "../kube/contracts.ts";
import { isNotFound } from "../kube/kube-api-error.ts";

/** Secrets, and what `spec.target.manifest` of any ExternalSecret names. @throws KubeApiError */
export async function ownedTypes(
  kube: Pick<KubeClient, "list" | "resourceTypes">,
  signal: AbortSignal,
): Promise<readonly ResourceType[]> {
  const kinds = new Map((await targetKinds(kube, signal)).map((kind) => [kindKeyOf(kind), kind]));
  const types = new ResourceTypes(kube);
  const found = await Promise.all([...kinds.values()].map((kind) => typeOf(types, kind, signal)));
  return [SECRET, ...found.filter((type) => type !== undefined)];
}

/** None where the CRD is gone already. */
async function targetKinds(kube: Pick<KubeClient, "list">, signal: AbortSignal): Promise<readonly TargetKind[]> {
  try {
    const pick = (externalSecret: ExternalSecret) => genericTargetOf(externalSecret);
    return await collectObjects<ExternalSecret, TargetKind>(kube, EXTERNAL_SECRET, {}, pick, signal);
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

/** Of a kind that the API server does not have there are no objects. */
async function typeOf(types: ResourceTypes, kind: TargetKind, signal: AbortSignal): Promise<ResourceType | undefined> {
  try {
    return await types.find(kind, signal);
  } catch (error) {
    if (error instanceof InvalidConfiguration) return undefined;
    throw error;
  }
}
