/** What Pulumi's state holds of a SyncedSecret beside its inputs: names, versions and keyed hashes, and no value. */

/** The outputs of one SyncedSecret. */
export interface SyncedSecretState {
  readonly secretName: string;
  readonly namespace: string;
  /** Of the Secret. */
  readonly type: string;
  /** Of the Secret; empty where none was written. */
  readonly uid: string;
  /** A keyed hash of each value, by key. Says whether a value changed, and nothing else. */
  readonly keys: Readonly<Record<string, string>>;
  /** A keyed hash of all that was read. Templates with random functions are rendered anew only where it changes. */
  readonly source: string;
  /** The version of each remote secret that was read for it, by remote key, as far as the backend tells; cut where there are many. */
  readonly versions: Readonly<Record<string, string>>;
  /** Value of the ownership label: random, one for each resource. */
  readonly owner: string;
  /** The key of the hashes: random, one for each resource, kept as a Pulumi secret. */
  readonly hashKey: string;
  /** What a refresh found changed in the cluster: keys, or `metadata.labels.<name>`, `type`. Empty after `up`. */
  readonly clusterDrift: readonly string[];
  /** Keys whose value in the backend is not the one that was written last. Empty after `up`. */
  readonly backendDrift: readonly string[];
}
