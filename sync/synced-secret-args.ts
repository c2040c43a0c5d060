/** What a program writes of a SyncedSecret, in both forms, and what it gets. */
import { type Inputs, type Output, output, secret } from "@pulumi/pulumi";
import type { ExternalSecretSpec } from "../api/external-secret.ts";
import type { DeepInput } from "./deep-input.ts";
import type { Credentials, Store, SyncedSecretInputs } from "./resource/inputs.ts";
import type { SyncedSecretState } from "./resource/state.ts";

/** Arguments of `SyncedSecret`. */
export interface SyncedSecretArgs {
  /** Default of `name`: the resource's name; of `namespace`: that of the provider, then of the kubeconfig's context. */
  readonly metadata?: DeepInput<Partial<SyncedSecretInputs["metadata"]>>;
  /**
   * Where values come from: `{ provider: { vault: … } }`, the provider block of a SecretStore, or `{ storeRef: { name } }`, a
   * store of the cluster. Default: `spec.secretStoreRef`, then the store of the provider's configuration.
   */
  readonly store?: DeepInput<Store>;
  /**
   * Credentials by name and key, in the place of Secrets that the store refers to: `{ vault: { token } }` for
   * `tokenSecretRef: { name: "vault", key: "token" }`. `{ env: "VAULT_TOKEN" }` in the place of a text is read from the environment when
   * an operation runs. Encrypted in the state; default: those of the provider's configuration.
   */
  readonly credentials?: DeepInput<Credentials>;
  /** That of an ExternalSecret. What says when it is refreshed has no meaning here. */
  readonly spec: DeepInput<ExternalSecretSpec>;
  /** Whether a Secret that is there and is not ours may be taken over. Default false. */
  readonly adopt?: DeepInput<boolean>;
}

/** The outputs of a SyncedSecret as a program sees them. */
export type SyncedSecretOutputs = { readonly [Key in PublicState]: Output<SyncedSecretState[Key]> };

type PublicState = Exclude<keyof SyncedSecretState, "hashKey">;

/** Outputs that only the provider knows. */
const OUTPUTS: Readonly<Record<PublicState, undefined>> = {
  secretName: undefined,
  namespace: undefined,
  type: undefined,
  uid: undefined,
  keys: undefined,
  source: undefined,
  versions: undefined,
  owner: undefined,
  clusterDrift: undefined,
  backendDrift: undefined,
};

/** The properties that the resource registers. */
export function registeredProperties(name: string, args: SyncedSecretArgs): Inputs {
  const { metadata, store, credentials, spec, adopt } = args;
  return {
    ...OUTPUTS,
    metadata: output(metadata ?? {}).apply((given) => ({ name, ...given })),
    store,
    credentials: credentials === undefined ? undefined : secret(credentials),
    spec,
    adopt,
  };
}
