/** Has the API server store every object in the CRD's present version, so that older versions can be dropped from it. */
import type { Clock } from "../../api/clock.ts";
import { mapBounded } from "../../providers/bounded-parallel.ts";
import { CUSTOM_RESOURCE_DEFINITION } from "../core-resources.ts";
import { type OwnCrd, readOwnCrd } from "../crds/own-crds.ts";
import { collectObjects } from "../kube/collect-objects.ts";
import type { KubeClient, KubeObject } from "../kube/contracts.ts";
import { isConflict, isNotFound, KubeApiError } from "../kube/kube-api-error.ts";

const PARALLEL = 8;
/** An API server goes on storing the version of before for a moment after its CRD has changed. */
const SETTLE_MS = 5_000;
/** Names of objects that an error lists. */
const MAX_NAMED = 5;

/** What became of one CRD. */
export interface StorageMigration {
  readonly crd: string;
  /** What `status.storedVersions` says after it: one version where nothing is left to do. */
  readonly storedVersions: readonly string[];
  /** The version that objects are stored in. */
  readonly storageVersion: string;
  /** Objects that were written anew, or would be in a dry run; 0 where all were stored right before. */
  readonly objects: number;
}

export interface StorageMigrationParts {
  readonly kube: Pick<KubeClient, "get" | "list" | "mergePatch">;
  readonly clock: Clock;
}

export interface StorageMigrationOptions {
  /** Nothing is written. */
  readonly dryRun: boolean;
}

/** Whether objects may be stored in another version than the present one. */
export function isStoredInOlderVersion({ storageVersion, storedVersions }: OwnCrd): boolean {
  return storedVersions.some((version) => version !== storageVersion);
}

/**
 * Each object is written once without a change, at most 8 at a time; the API server writes it only where it is stored in another
 * version. Then the older versions are taken out of `status.storedVersions`. It may be interrupted and begun again at any time.
 * @returns undefined where there is no CRD of that name
 * @throws Error naming objects that the API server refuses; KubeApiError
 */
export async function migrateStorage(
  { kube, clock }: StorageMigrationParts,
  crdName: string,
  { dryRun }: StorageMigrationOptions,
  signal: AbortSignal,
): Promise<StorageMigration | undefined> {
  const crd = await findCrd(kube, crdName, signal);
  if (crd === undefined) return undefined;
  const { name, storageVersion, storedVersions } = crd;
  if (!isStoredInOlderVersion(crd)) return { crd: name, storageVersion, storedVersions, objects: 0 };
  if (!dryRun) await clock.sleep(SETTLE_MS, signal);
  const pick = (object: KubeObject) => object.metadata;
  const objects = await collectObjects(kube, crd.type, { metadataOnly: true }, pick, signal);
  if (dryRun) return { crd: name, storageVersion, storedVersions, objects: objects.length };
  const refusals = await mapBounded(objects, PARALLEL, (metadata) => rewrite(kube, crd, metadata, signal));
  throwRefusals(
    crd,
    refusals.filter((refusal) => refusal !== undefined),
  );
  // On condition that nobody has made another version the stored one meanwhile.
  const patch = {
    metadata: { resourceVersion: crd.resourceVersion },
    status: { storedVersions: [storageVersion] },
  };
  await kube.mergePatch(CUSTOM_RESOURCE_DEFINITION, { name }, patch, { subresource: "status" }, signal);
  return { crd: name, storageVersion, storedVersions: [storageVersion], objects: objects.length };
}

async function findCrd(kube: Pick<KubeClient, "get">, name: string, signal: AbortSignal): Promise<OwnCrd | undefined> {
  try {
    return await readOwnCrd(kube, name, signal);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Of an object that went or came anew meanwhile nothing is stored in an older version. */
async function rewrite(
  kube: Pick<KubeClient, "mergePatch">,
  { type }: OwnCrd,
  { name, namespace, uid }: KubeObject["metadata"],
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    await kube.mergePatch(type, { name, ...(namespace && { namespace }) }, { metadata: { uid } }, {}, signal);
    return undefined;
  } catch (error) {
    if (isNotFound(error) || isConflict(error)) return undefined;
    if (error instanceof KubeApiError && error.status === 422) return error.message;
    throw error;
  }
}

function throwRefusals({ name, storageVersion }: OwnCrd, refusals: readonly string[]): void {
  if (refusals.length === 0) return;
  const more = refusals.length > MAX_NAMED ? `; and ${refusals.length - MAX_NAMED} more` : "";
  throw new Error(
    `CRD ${name}: ${refusals.length} objects could not be stored in ${storageVersion}, correct or delete them: ` +
      refusals.slice(0, MAX_NAMED).join("; ") +
      more,
  );
}
