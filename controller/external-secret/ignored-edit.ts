/** Tells of an edit that is not carried out, where ESO says nothing and its `Ready` looks as if it were. */
import type { ExternalSecret } from "../../api/external-secret.ts";
import { CONDITION_READY, SYNCED_REASONS } from "../../api/reasons.ts";
import { conditionOf } from "../conditions.ts";
import { isConflict, isNotFound } from "../kube/kube-api-error.ts";
import type { ReportParts } from "./report.ts";
import { type StatusNews, writeStatus } from "./write-status.ts";

type TellParts = Pick<ReportParts, "kube" | "caches" | "clock" | "options">;

const IGNORED = {
  status: "False",
  reason: SYNCED_REASONS.editIgnored,
  message:
    "edited after the one refresh that spec.refreshInterval 0 permits; to have the edit carried out, set spec.refreshPolicy to OnChange, or delete the Secret",
} as const;

/**
 * Tells that an edit which asks for no refresh (as with `refreshPolicy: CreatedOnce`) was seen: who waits for it waits no longer.
 * @returns the ExternalSecret as it is now
 * @throws KubeApiError unless the object is gone or was made anew
 */
export async function tellSeenEdit(
  parts: TellParts,
  externalSecret: ExternalSecret,
  signal: AbortSignal,
): Promise<ExternalSecret> {
  const { metadata, status } = externalSecret;
  if (status?.observedGeneration === undefined || status.observedGeneration === metadata.generation) {
    return externalSecret;
  }
  return tell(parts, externalSecret, {}, signal);
}

/**
 * Writes the condition `Synced` where it does not say so yet; in strict mode `Ready`, too.
 * @returns the ExternalSecret as it is now
 * @throws KubeApiError unless the object is gone or was made anew
 */
export async function tellIgnoredEdit(
  parts: TellParts,
  externalSecret: ExternalSecret,
  signal: AbortSignal,
): Promise<ExternalSecret> {
  const strict = parts.options.strictReady ? { condition: IGNORED } : {};
  return tell(parts, externalSecret, { ...strict, syncedCondition: IGNORED }, signal);
}

/** `Ready` stays as it is, unless the news say otherwise. */
async function tell(
  { kube, caches, clock }: TellParts,
  externalSecret: ExternalSecret,
  given: Partial<StatusNews>,
  signal: AbortSignal,
): Promise<ExternalSecret> {
  const ready = conditionOf(externalSecret.status?.conditions, CONDITION_READY);
  if (ready === undefined) return externalSecret;
  const asBefore = { status: ready.status, reason: ready.reason ?? "", message: ready.message ?? "" };
  const news = { condition: asBefore, ...given };
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
