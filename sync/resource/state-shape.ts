/** Takes states and inputs that come from outside, as plain properties, for what they are. */
import type { PartialInputs, SyncedSecretInputs } from "./inputs.ts";
import type { SyncedSecretState } from "./state.ts";

type Properties = Readonly<Record<string, unknown>>;

/** The inputs of a program, or of the state: nothing is certain of them. */
export function partialInputsOf(properties: Properties): PartialInputs {
  return properties;
}

/** Inputs that `check` has let through. */
export function inputsOf(properties: Properties): SyncedSecretInputs {
  // `check` looked at the shape, and filled in what was left out.
  return properties as Properties & SyncedSecretInputs;
}

/** The state of a resource; undefined where it is none of ours (an import). */
export function stateOfProperties(properties: Properties): SyncedSecretState | undefined {
  const { hashKey, secretName, namespace } = properties;
  if (typeof hashKey !== "string" || typeof secretName !== "string" || typeof namespace !== "string") return undefined;
  const known = properties as Partial<SyncedSecretState>;
  return {
    ...{ secretName, namespace, hashKey },
    type: known.type ?? "Opaque",
    uid: known.uid ?? "",
    keys: known.keys ?? {},
    source: known.source ?? "",
    versions: known.versions ?? {},
    owner: known.owner ?? "",
    clusterDrift: known.clusterDrift ?? [],
    backendDrift: known.backendDrift ?? [],
  };
}
