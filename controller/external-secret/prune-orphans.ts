/** Step 5: deletes the Secrets that an ExternalSecret made under another `target.name`. */
import type { ExternalSecret } from "../../api/external-secret.ts";
import type { Caches } from "../cache/caches.ts";
import type { KeyIndex } from "../cache/key-index.ts";
import { SECRET } from "../core-resources.ts";
import type { KubeClient } from "../kube/contracts.ts";
import { isConflict, isNotFound } from "../kube/kube-api-error.ts";
import { keyOf } from "../kube/object-key.ts";

export interface PruneOrphansParts {
  readonly kube: KubeClient;
  readonly caches: Pick<Caches, "managedSecrets" | "currentSecrets">;
  /** From the uid of a controlling owner to the keys of managed Secrets. */
  readonly secretsByOwner: KeyIndex;
}

/**
 * Only Secrets whose controller is this very ExternalSecret go: a copy that carries nothing but our label stays.
 * @param targetName the Secret that stays; undefined: the target is none.
 * @returns names of the deleted Secrets.
 * @throws KubeApiError
 */
export async function pruneOrphans(
  { kube, caches, secretsByOwner }: PruneOrphansParts,
  externalSecret: ExternalSecret,
  targetName: string | undefined,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const deleted: string[] = [];
  for (const key of [...secretsByOwner.keysOf(externalSecret.metadata.uid ?? "")]) {
    const metadata = caches.managedSecrets.get(key)?.metadata;
    if (metadata === undefined || metadata.name === targetName) continue;
    const { name, namespace = "", uid, resourceVersion } = metadata;
    if (uid === undefined || resourceVersion === undefined) continue;
    try {
      await kube.delete(SECRET, { name, namespace }, { preconditions: { uid, resourceVersion } }, signal);
      caches.currentSecrets.forget(keyOf({ name, namespace }));
      deleted.push(name);
    } catch (error) {
      // Gone already, or changed since we saw it: the next pass looks again.
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }
  return deleted;
}
