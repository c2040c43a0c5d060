/** SyncedSecret by the executable provider: a Kubernetes Secret that the stack owns, read from a backend on each `pulumi up`. */
import { CustomResource, type CustomResourceOptions, type Output } from "@pulumi/pulumi";
import { registeredProperties, type SyncedSecretArgs, type SyncedSecretOutputs } from "./synced-secret-args.ts";

/** The values are never in the state: only the names of the keys and keyed hashes are. */
export class SyncedSecret extends CustomResource implements SyncedSecretOutputs {
  declare readonly secretName: Output<string>;
  declare readonly namespace: Output<string>;
  declare readonly type: Output<string>;
  /** Empty where no Secret is written. */
  declare readonly uid: Output<string>;
  /** A keyed hash of each value, by the Secret's key. */
  declare readonly keys: Output<Readonly<Record<string, string>>>;
  declare readonly source: Output<string>;
  /** The version of each remote secret in the backend, by remote key, as it was written last. */
  declare readonly versions: Output<Readonly<Record<string, string>>>;
  declare readonly owner: Output<string>;
  /** What the last refresh found changed in the cluster: keys and metadata. */
  declare readonly clusterDrift: Output<readonly string[]>;
  /** Keys whose value in the backend the last refresh found changed. */
  declare readonly backendDrift: Output<readonly string[]>;

  constructor(name: string, args: SyncedSecretArgs, options?: CustomResourceOptions) {
    super("external-secrets:index:SyncedSecret", name, registeredProperties(name, args), options);
  }
}
