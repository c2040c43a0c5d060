/** Makes what the state holds of what was read and written. */
import type { KubeSecret } from "../../controller/cache/secret-record.ts";
import type { Desired } from "./desired.ts";
import { fingerprintOfParts, fingerprintsOf } from "./fingerprints.ts";
import type { SyncedSecretState } from "./state.ts";

/** What a write leaves behind. */
export interface Written {
  readonly hashKey: string;
  readonly owner: string;
  readonly desired: Extract<Desired, { readonly kind: "secret" }>;
  /** Unset where none is written (creationPolicy None). */
  readonly live: KubeSecret | undefined;
}

/** The state after a write: no drift. */
export function stateOf({ hashKey, owner, desired, live }: Written): SyncedSecretState {
  const { secret } = desired;
  return {
    secretName: secret.name,
    namespace: secret.namespace,
    type: secret.type,
    uid: live?.metadata.uid ?? "",
    keys: fingerprintsOf(hashKey, secret.data),
    source: sourceOf(hashKey, desired),
    versions: desired.versions,
    owner,
    hashKey,
    clusterDrift: [],
    backendDrift: [],
  };
}

/** The hash of all that was read. */
export function sourceOf(hashKey: string, { parts }: Pick<Written["desired"], "parts">): string {
  return fingerprintOfParts(hashKey, parts);
}
