/** Whether a write would take something from the Secret because a backend said once that it has it no longer. */
import type { ExternalSecret } from "../../api/external-secret.ts";
import { fieldManagerOf } from "../../api/labels.ts";
import type { DesiredSecret } from "../../engine/desired-secret.ts";
import type { FetchedData } from "../../engine/entry-problems.ts";
import type { KubeSecret } from "../cache/secret-record.ts";
import { SECRET } from "../core-resources.ts";
import { isNotFound } from "../kube/kube-api-error.ts";
import { type EmptyResultParts, secretExists } from "./empty-result.ts";
import { ownDataKeys } from "./managed-fields.ts";

/**
 * True where the Secret is there, and has keys of ours that it would lose, or where a default or a template would hide that one
 * is missing.
 * @throws KubeApiError
 */
export async function wouldLose(
  parts: Pick<EmptyResultParts, "kube" | "caches">,
  externalSecret: ExternalSecret,
  fetched: Pick<FetchedData, "absences">,
  desired: DesiredSecret,
  signal: AbortSignal,
): Promise<boolean> {
  const { target } = externalSecret.spec;
  if (!secretExists(parts, externalSecret)) return false;
  if (target?.template !== undefined || fetched.absences.some(({ instead }) => instead === "default")) return true;
  const merges = target?.creationPolicy === "Merge" || target?.creationPolicy === "CreateOrMerge";
  try {
    const { name, namespace } = desired;
    const live = await parts.kube.get<KubeSecret>(SECRET, { name, namespace }, signal);
    const ours = merges ? ownDataKeys(live, fieldManagerOf(externalSecret.metadata.name)) : undefined;
    return Object.keys(live.data ?? {}).some((key) => !desired.data.has(key) && (ours?.has(key) ?? true));
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
