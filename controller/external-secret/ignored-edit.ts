/** Tells of an edit that is not carried out, where ESO says nothing and its `Ready` looks as if it were. */
import type { ExternalSecret } from "../../api/external-secret.ts";
import { CONDITION_READY, SYNCED_REASONS } from "../../api/reasons.ts";
import { conditionOf } from "../conditions.ts";
import { isConflict, isNotFound } from "../kube/kube-api-error.ts";
import type { ReportParts } from "./report.ts";
import { writeStatus } from "./write-status.ts";

const IGNORED = {
  status: "False",
  reason: SYNCED_REASONS.editIgnored,
  message:
    "edited after the one refresh that spec.refreshInterval 0 permits; to have the edit carried out, set spec.refreshPolicy to OnChange, or delete the Secret",
} as const;

/**
 * Writes the condition `Synced` where it does not say so yet; in strict mode `Ready`, too.
 * @returns the ExternalSecret as it is now
 * @throws KubeApiError unless the object is gone or was made anew
 */
export async function tellIgnoredEdit(
  { kube, caches, clock, options }: Pick<ReportParts, "kube" | "caches" | "clock" | "options">,
  externalSecret: ExternalSecret,
  signal: AbortSignal,
): Promise<ExternalSecret> {
  const ready = conditionOf(externalSecret.status?.conditions, CONDITION_READY);
  if (ready === undefined) return externalSecret;
  const asBefore = { status: ready.status, reason: ready.reason ?? "", message: ready.message ?? "" };
  const news = { condition: options.strictReady ? IGNORED : asBefore, syncedCondition: IGNORED };
  try {
    const written = await writeStatus(kube, externalSecret, news, { nowMs: clock.now() }, signal);
    if (written === undefined) return externalSecret;
    caches.currentExternalSecrets.note(written);
    return written;
  } catch (error) {
    if (!isNotFound(error) && !isConflict(error)) throw error;
    return externalSecret;
  }
}
