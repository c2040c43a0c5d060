/** `update` and what it foresees in a preview. */
import type { SyncSession } from "../session/session.ts";
import { takeDesired } from "./desired.ts";
import type { DiffRequest } from "./diff.ts";
import { fingerprintsOf } from "./fingerprints.ts";
import { secretNameOf } from "./inputs.ts";
import { policyOf } from "./policy.ts";
import { removeSecret } from "./remove-secret.ts";
import type { SyncedSecretState } from "./state.ts";
import { sourceOf, stateOf } from "./state-of.ts";
import { writeSecret } from "./write-secret.ts";

/**
 * Makes the Secret what the inputs and the backends say now. A changed value is written in place.
 * @throws SyncError, KubeApiError
 */
export async function update(
  session: SyncSession,
  request: DiffRequest,
  signal: AbortSignal,
): Promise<SyncedSecretState> {
  const { state, old, inputs } = request;
  const desired = await takeDesired(session, inputs, signal);
  const policy = policyOf(inputs.spec);
  if (desired.kind === "keep") return settled(state);
  if (desired.kind === "absent") {
    await removeSecret(session, secretNameOf(inputs), state, policyOf(old.spec), signal);
    return { ...settled(state), uid: "", keys: {}, source: "", versions: {} };
  }
  // An imported Secret was taken over by that.
  const adopt = inputs.adopt === true || old.spec === undefined;
  const { hashKey, owner, uid } = state;
  const write = { desired: desired.secret, policy, owner, uid, adopt };
  const live = policy.creation === "None" ? undefined : await writeSecret(session, write, signal);
  return stateOf({ hashKey, owner, desired, live });
}

/** The state that the update would leave, as far as that is certain. */
export async function foreseeUpdate(
  session: SyncSession,
  request: DiffRequest,
  signal: AbortSignal,
): Promise<SyncedSecretState> {
  const { state, inputs } = request;
  const desired = await takeDesired(session, inputs, signal);
  if (desired.kind === "keep") return settled(state);
  if (desired.kind === "absent") return { ...settled(state), keys: {}, source: "", versions: {} };
  const { hashKey } = state;
  const keys = fingerprintsOf(hashKey, desired.secret.data);
  const source = sourceOf(hashKey, desired);
  return { ...settled(state), type: desired.secret.type, keys, source, versions: desired.versions };
}

function settled(state: SyncedSecretState): SyncedSecretState {
  return { ...state, clusterDrift: [], backendDrift: [] };
}
