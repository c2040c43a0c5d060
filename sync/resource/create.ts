/** `create` and what it foresees in a preview. */
import type { SyncSession } from "../session/session.ts";
import { keepDesired, nothingToWrite, takeDesired } from "./desired.ts";
import { HASH_KEY_BYTES } from "./fingerprints.ts";
import { idOf, type SyncedSecretInputs, secretNameOf } from "./inputs.ts";
import { readLive } from "./live-secret.ts";
import { newOwner, requireOwnership } from "./ownership.ts";
import { policyOf } from "./policy.ts";
import type { SyncedSecretState } from "./state.ts";
import { stateOf } from "./state-of.ts";
import { writeSecret } from "./write-secret.ts";

/** What a new resource is. */
export interface Created {
  /** `namespace/name` of the Secret. */
  readonly id: string;
  readonly state: SyncedSecretState;
}

/**
 * Reads, renders and writes.
 * @throws SyncError, KubeApiError
 */
export async function create(session: SyncSession, inputs: SyncedSecretInputs, signal: AbortSignal): Promise<Created> {
  const desired = await takeDesired(session, inputs, signal);
  if (desired.kind !== "secret") throw nothingToWrite();
  const policy = policyOf(inputs.spec);
  const hashKey = Buffer.from(session.randomBytes(HASH_KEY_BYTES)).toString("base64url");
  const owner = newOwner(session.randomBytes);
  const write = { desired: desired.secret, policy, owner, uid: "", adopt: inputs.adopt === true };
  const live = policy.creation === "None" ? undefined : await writeSecret(session, write, signal);
  return { id: idOf(secretNameOf(inputs)), state: stateOf({ hashKey, owner, desired, live }) };
}

/**
 * The keys that the Secret would have.
 * @throws as `create`, where it is certain that it would.
 */
export async function foreseeCreate(
  session: SyncSession,
  inputs: SyncedSecretInputs,
  signal: AbortSignal,
): Promise<{ readonly keys: readonly string[]; readonly type: string }> {
  const desired = await keepDesired(session, inputs, signal);
  if (desired.kind !== "secret") throw nothingToWrite();
  const policy = policyOf(inputs.spec);
  if (policy.owns) {
    const name = secretNameOf(inputs);
    const live = await readLive(session, name, signal);
    if (live !== undefined) requireOwnership(live, name, { owner: "", uid: "" }, inputs.adopt === true);
  }
  return { keys: [...desired.secret.data.keys()].sort(), type: desired.secret.type };
}
