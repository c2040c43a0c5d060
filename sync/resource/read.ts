/** `read`: for a refresh, how the cluster and the backend differ from what was written last; for an import, what there is. */
import type { KubeSecret } from "../../controller/cache/secret-record.ts";
import { PropertyNotFound, SecretNotFound } from "../../providers/errors.ts";
import type { SyncSession } from "../session/session.ts";
import { type Desired, keepDesired } from "./desired.ts";
import { changedKeys, fingerprintsOf, HASH_KEY_BYTES, keyChanges } from "./fingerprints.ts";
import { nameOfId, type PartialInputs, type SyncedSecretInputs } from "./inputs.ts";
import { dataOf, metadataDrift, readLive, typeOf } from "./live-secret.ts";
import { isOurs, newOwner, OWNER_LABEL } from "./ownership.ts";
import { policyOf, type SyncPolicy } from "./policy.ts";
import type { SyncedSecretState } from "./state.ts";
import { sourceOf } from "./state-of.ts";

/**
 * The state with its drift; undefined where the Secret is not there, or is another's by now: the next `up` makes it anew.
 * The rest of the state stays, so that a refresh that finds no drift changes nothing.
 * @throws SyncError where a backend cannot be read (a secret that is gone from it is drift), KubeApiError
 */
export async function refresh(
  session: SyncSession,
  inputs: SyncedSecretInputs,
  state: SyncedSecretState,
  signal: AbortSignal,
): Promise<SyncedSecretState | undefined> {
  const policy = policyOf(inputs.spec);
  const isWritten = policy.creation !== "None" && state.uid !== "";
  const name = { namespace: state.namespace, name: state.secretName };
  const [live, desired] = await Promise.all([
    isWritten ? readLive(session, name, signal) : undefined,
    desiredNow(session, inputs, signal),
  ]);
  if (isWritten && (live === undefined || (policy.owns && !isOurs(live, state)))) return undefined;
  return {
    ...state,
    clusterDrift: live === undefined ? [] : clusterDrift(live, state, desired, policy),
    backendDrift: backendDrift(state, desired),
  };
}

/** What the backend says; "gone" where it lacks a secret that must be there. */
async function desiredNow(
  session: SyncSession,
  inputs: SyncedSecretInputs,
  signal: AbortSignal,
): Promise<Desired | "gone"> {
  try {
    return await keepDesired(session, inputs, signal);
  } catch (error) {
    if (error instanceof SecretNotFound || error instanceof PropertyNotFound) return "gone";
    throw error;
  }
}

function backendDrift(state: SyncedSecretState, desired: Desired | "gone"): readonly string[] {
  if (desired === "gone" || desired.kind === "absent") return Object.keys(state.keys).sort();
  if (desired.kind === "keep" || sourceOf(state.hashKey, desired) === state.source) return [];
  return changedKeys(keyChanges(state.keys, fingerprintsOf(state.hashKey, desired.secret.data)));
}

function clusterDrift(
  live: KubeSecret,
  state: SyncedSecretState,
  desired: Desired | "gone",
  { owns }: SyncPolicy,
): readonly string[] {
  const { added, changed, removed } = keyChanges(state.keys, fingerprintsOf(state.hashKey, dataOf(live)));
  const keys = [...(owns ? added : []), ...changed, ...removed].sort();
  if (desired === "gone" || desired.kind !== "secret") return keys;
  const { labels, annotations } = desired.secret;
  const own = owns ? { [OWNER_LABEL]: state.owner } : {};
  return [...keys, ...metadataDrift(live, { annotations, labels: { ...labels, ...own } })];
}

/** A resource that is imported: what can be told from the Secret alone. */
export interface Imported {
  readonly inputs: PartialInputs;
  readonly state: SyncedSecretState;
}

/**
 * @param id `namespace/name` of the Secret.
 * @returns undefined where there is no such Secret.
 */
export async function importSecret(
  session: SyncSession,
  id: string,
  signal: AbortSignal,
): Promise<Imported | undefined> {
  const name = nameOfId(id);
  const live = await readLive(session, name, signal);
  if (live === undefined) return undefined;
  const hashKey = Buffer.from(session.randomBytes(HASH_KEY_BYTES)).toString("base64url");
  return {
    inputs: { metadata: name },
    state: {
      ...{ secretName: name.name, namespace: name.namespace, type: typeOf(live), uid: live.metadata.uid ?? "" },
      keys: fingerprintsOf(hashKey, dataOf(live)),
      // It is not known what the values were made from: the next `up` compares them.
      source: "",
      versions: {},
      ...{ owner: newOwner(session.randomBytes), hashKey },
      // The label is not there yet: the update that follows the import writes it.
      clusterDrift: [`metadata.labels.${OWNER_LABEL}`],
      backendDrift: [],
    },
  };
}
