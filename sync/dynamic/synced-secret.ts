/** SyncedSecret as a dynamic resource: nothing to install beside the package. */
import { CustomResource, type CustomResourceOptions, mergeOptions, type Output } from "@pulumi/pulumi";
import { registeredProperties, type SyncedSecretArgs, type SyncedSecretOutputs } from "../synced-secret-args.ts";
import { PROVIDER_SHIM } from "./shim.ts";

/** What only the provider makes; secret inputs that are outputs too stay secrets by themselves. */
const SECRET_OUTPUTS: CustomResourceOptions = { additionalSecretOutputs: ["asked"] };

/** As the SyncedSecret of the executable provider; a diff shows that it changes, not which keys. */
export class SyncedSecret extends CustomResource implements SyncedSecretOutputs {
  declare readonly secretName: Output<string>;
  declare readonly namespace: Output<string>;
  declare readonly type: Output<string>;
  declare readonly uid: Output<string>;
  declare readonly keys: Output<Readonly<Record<string, string>>>;
  declare readonly source: Output<string>;
  declare readonly versions: Output<Readonly<Record<string, string>>>;
  declare readonly owner: Output<string>;
  declare readonly clusterDrift: Output<readonly string[]>;
  declare readonly backendDrift: Output<readonly string[]>;

  constructor(name: string, args: SyncedSecretArgs, options?: CustomResourceOptions) {
    const properties = {
      ...registeredProperties(name, args),
      // What `pulumi.dynamic.Resource` does with the text of a closure: this text has none.
      __provider: PROVIDER_SHIM,
    };
    super(
      "pulumi-nodejs:dynamic/external-secrets:SyncedSecret",
      name,
      properties,
      mergeOptions(options, SECRET_OUTPUTS),
    );
  }
}
