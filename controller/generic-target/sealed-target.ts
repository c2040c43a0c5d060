/** What `target.immutable` means for targets of other kinds: they are written once. Of a ConfigMap the API server sees to it, too. */
import type { ExternalSecret } from "../../api/external-secret.ts";
import { DATA_HASH_ANNOTATION } from "../../api/labels.ts";
import { TargetImmutable } from "../external-secret/problems.ts";
import type { KubeObject, ResourceType } from "../kube/contracts.ts";
import { keyOf } from "../kube/object-key.ts";
import { type DesiredTarget, hasSameHash } from "./desired-target.ts";

/** What is to be written. */
export interface SealedTarget {
  readonly desired: DesiredTarget;
  /** It was written once, and holds something else than the backend: nothing is written. */
  readonly isFrozen: boolean;
}

/**
 * A ConfigMap that is immutable stays so, for it cannot be undone.
 * @throws TargetImmutable where someone else made it immutable and it would have to change
 */
export function sealedTarget(
  { spec }: ExternalSecret,
  { group, kind }: ResourceType,
  live: (KubeObject & { readonly immutable?: boolean }) | undefined,
  desired: DesiredTarget,
): SealedTarget {
  const isConfigMap = group === "" && kind === "ConfigMap";
  const wantsSeal = spec.target?.immutable === true;
  const isSealed = isConfigMap ? live?.immutable === true : wantsSeal && isWritten(live);
  if (isSealed && !hasSameHash(live?.metadata.annotations, desired)) {
    if (wantsSeal) return { desired, isFrozen: true };
    throw new TargetImmutable(`${kind} "${keyOf(desired)}" is immutable and holds other data`, {
      field: "spec.target.name",
      remedy: `delete the ${kind}, or choose another spec.target.name`,
    });
  }
  if (!isConfigMap || !(wantsSeal || isSealed)) return { desired, isFrozen: false };
  return { desired: { ...desired, body: { ...desired.body, immutable: true } }, isFrozen: false };
}

function isWritten(live: KubeObject | undefined): boolean {
  return live?.metadata.annotations?.[DATA_HASH_ANNOTATION] !== undefined;
}
