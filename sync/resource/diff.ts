/** `diff`: asks the backends, and says which keys are added, changed or removed, and never to what. */
import type { SyncSession } from "../session/session.ts";
import { changedPaths } from "./changed-paths.ts";
import { type Desired, keepDesired } from "./desired.ts";
import { fingerprintsOf, type KeyChanges, keyChanges } from "./fingerprints.ts";
import { idOf, type PartialInputs, type SyncedSecretInputs, secretNameOf } from "./inputs.ts";
import type { SyncedSecretState } from "./state.ts";
import { sourceOf } from "./state-of.ts";

/** What is compared. */
export interface DiffRequest {
  readonly state: SyncedSecretState;
  /** As the state has them; of an imported resource without `spec`. */
  readonly old: PartialInputs;
  readonly inputs: SyncedSecretInputs;
}

/** What an update would do. */
export interface Plan {
  /** Of the Secret's data. */
  readonly keys: KeyChanges;
  /** Paths of inputs that differ. */
  readonly inputs: readonly string[];
  /** The Secret is deleted, for the backend has none of the values any longer. */
  readonly isDeleted: boolean;
  /** What a refresh found: it is put back, or settled. */
  readonly clusterDrift: readonly string[];
  readonly backendDrift: readonly string[];
  /** Inputs because of which the Secret is made anew. */
  readonly replaces: readonly string[];
  /** The new Secret has the name of the old one. */
  readonly deletesBefore: boolean;
}

const NO_KEYS: KeyChanges = { added: [], changed: [], removed: [] };

/** Inputs that are no part of what is written: how it is read, and what `check` adds for the engine's display. */
const NOT_COMPARED = /^(credentials|keys)\b/;

/** @throws SyncError where a backend cannot be read; the signal's reason. */
export async function diff(session: SyncSession, request: DiffRequest, signal: AbortSignal): Promise<Plan> {
  const { state, old, inputs } = request;
  // The program has not named it: the engine asks how to show what a refresh found.
  if (!session.named.has(idOf(inputs.metadata))) return driftOf(state);
  const desired = await keepDesired(session, inputs, signal);
  const isImported = old.spec === undefined;
  const differing = isImported ? [] : changedPaths(old, inputs).filter((path) => !NOT_COMPARED.test(path));
  const { keys, source } = keysOf(state, desired);
  const isSame = differing.length === 0 && source === state.source;
  const changes = isSame ? NO_KEYS : keys;
  const isMoved = idOf(secretNameOf(inputs)) !== idOf({ namespace: state.namespace, name: state.secretName });
  const mustBeMadeAnew = isMoved ? [] : immutableChanges(state, old, desired, changes);
  return {
    keys: changes,
    inputs: differing,
    isDeleted: desired.kind === "absent" && (state.uid !== "" || Object.keys(state.keys).length > 0),
    clusterDrift: state.clusterDrift,
    backendDrift: state.backendDrift,
    replaces: isMoved ? movedInputs(old, inputs) : mustBeMadeAnew,
    deletesBefore: !isMoved,
  };
}

function driftOf({ clusterDrift, backendDrift }: SyncedSecretState): Plan {
  const nothing = { keys: NO_KEYS, inputs: [], isDeleted: false, replaces: [], deletesBefore: false };
  return { ...nothing, clusterDrift, backendDrift };
}

/** Whether anything is to be done. */
export function hasChanges({ keys, inputs, isDeleted, clusterDrift, backendDrift, replaces }: Plan): boolean {
  const lists = [keys.added, keys.changed, keys.removed, inputs, clusterDrift, backendDrift, replaces];
  return isDeleted || lists.some((list) => list.length > 0);
}

function keysOf(state: SyncedSecretState, desired: Desired): { readonly keys: KeyChanges; readonly source: string } {
  switch (desired.kind) {
    case "keep":
      return { keys: NO_KEYS, source: state.source };
    case "absent":
      return { keys: keyChanges(state.keys, {}), source: "" };
    case "secret":
      return {
        keys: keyChanges(state.keys, fingerprintsOf(state.hashKey, desired.secret.data)),
        source: sourceOf(state.hashKey, desired),
      };
  }
}

function movedInputs(old: PartialInputs, inputs: SyncedSecretInputs): readonly string[] {
  const parts = (from: PartialInputs) => ({
    metadata: placeOf(from),
    spec: { target: { name: from.spec?.target?.name } },
  });
  const moved = changedPaths(parts(old), parts(inputs));
  return moved.length > 0 ? moved : ["metadata.name"];
}

function placeOf({ metadata }: PartialInputs) {
  return { name: metadata?.name, namespace: metadata?.namespace };
}

/** The type of a Secret cannot change, and the data of an immutable one cannot either. */
function immutableChanges(
  state: SyncedSecretState,
  old: PartialInputs,
  desired: Desired,
  { added, changed, removed }: KeyChanges,
): readonly string[] {
  if (desired.kind !== "secret" || state.uid === "") return [];
  const wasImmutable = old.spec?.target?.immutable === true;
  const hasNewData = added.length + changed.length + removed.length + state.clusterDrift.length > 0;
  return [
    ...(desired.secret.type === state.type ? [] : ["spec.target.template.type"]),
    ...(wasImmutable && (hasNewData || !desired.secret.immutable) ? ["spec.target.immutable"] : []),
  ];
}
