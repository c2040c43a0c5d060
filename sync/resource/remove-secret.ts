/** Takes a Secret out of the cluster, or lets go of it: only what is ours, by the policies. */
import type { KubeSecret } from "../../controller/cache/secret-record.ts";
import { SECRET } from "../../controller/core-resources.ts";
import { isConflict, isNotFound } from "../../controller/kube/kube-api-error.ts";
import type { SyncSession } from "../session/session.ts";
import type { SecretName } from "./inputs.ts";
import { readLive } from "./live-secret.ts";
import { controllerOf, fieldManagerOf, isOurs, OWNER_LABEL } from "./ownership.ts";
import type { SyncPolicy } from "./policy.ts";
import type { SyncedSecretState } from "./state.ts";

/** What became of it; `left`: it is not ours, or is to stay. */
export type Removal = "gone" | "deleted" | "left";

/** As in `writeSecret`. */
const MAX_ATTEMPTS = 3;

/**
 * Owner deletes the Secret; Orphan leaves it; Merge and CreateOrMerge take our keys out of it. One that another owns by now is
 * left alone. Deletes exactly the Secret that was looked at.
 * @throws KubeApiError; the signal's reason before anything was sent.
 */
export async function removeSecret(
  session: SyncSession,
  name: SecretName,
  state: Pick<SyncedSecretState, "owner" | "uid">,
  policy: SyncPolicy,
  signal: AbortSignal,
): Promise<Removal> {
  for (let attempt = 1; ; attempt++) {
    try {
      const live = await readLive(session, name, signal);
      if (live === undefined) return "gone";
      signal.throwIfAborted();
      return await removeOnce(session, live, name, state, policy);
    } catch (error) {
      if (isNotFound(error)) return "gone";
      if (!isConflict(error) || attempt >= MAX_ATTEMPTS) throw error;
    }
  }
}

async function removeOnce(
  { kube }: SyncSession,
  live: KubeSecret,
  name: SecretName,
  state: Pick<SyncedSecretState, "owner" | "uid">,
  { creation, owns }: SyncPolicy,
): Promise<Removal> {
  if (creation === "None" || (owns && !isOurs(live, state))) return "left";
  const { uid = "", resourceVersion = "" } = live.metadata;
  const sent = new AbortController().signal;
  const fieldManager = fieldManagerOf(state.owner);
  if (!owns) {
    // An apply of nothing takes out the fields that are ours alone.
    const nothing = { metadata: { ...name, uid, resourceVersion } };
    await kube.apply<KubeSecret>(SECRET, nothing, { fieldManager, force: true }, sent);
    return "left";
  }
  if (creation === "Orphan" || controllerOf(live) !== undefined) {
    if (live.metadata.labels?.[OWNER_LABEL] === undefined) return "left";
    const patch = { metadata: { uid, resourceVersion, labels: { [OWNER_LABEL]: null } } };
    await kube.mergePatch(SECRET, name, patch, { fieldManager }, sent);
    return "left";
  }
  await kube.delete(SECRET, name, { preconditions: { uid, resourceVersion } }, sent);
  return "deleted";
}
