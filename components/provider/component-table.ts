/** Which components there are for other languages, by their tokens; each is loaded when it is asked for. */
import { type ComponentResource, type ComponentResourceOptions, type Inputs, Output } from "@pulumi/pulumi";
import type { ConstructedComponent } from "./pulumi-runtime.ts";

/** Makes a component. Its inputs have been checked against nothing: components check what they are given. */
export type Constructor = (
  name: string,
  inputs: Inputs,
  options: ComponentResourceOptions,
) => Promise<ConstructedComponent>;

/** What a program sees of a component: its Outputs, and the reference of a store. */
function constructed(resource: ComponentResource): ConstructedComponent {
  const outputs = Object.entries(resource).filter(
    ([name, value]) => name === "ref" || (Output.isInstance(value) && name !== "urn" && !name.startsWith("_")),
  );
  return { resource, outputs: Object.fromEntries(outputs) };
}

const store =
  (kind: "SecretStore" | "ClusterSecretStore"): Constructor =>
  async (name, inputs, options) => {
    const { RemoteSecretStore } = await import("./remote-components.ts");
    return constructed(new RemoteSecretStore(kind, name, inputs as never, options));
  };

type CloudStore = new (name: string, args: never, options: ComponentResourceOptions) => ComponentResource;

/** Loaded with the cloud's package, which only the users of that cloud have. */
const cloudStore =
  (load: () => Promise<CloudStore>): Constructor =>
  async (name, inputs, options) => {
    if (inputs.grants?.close === "explicit") {
      throw new Error(`${name}: grants.close: there is no call to close them by; name what is read in grants.secrets`);
    }
    const Store = await load();
    return constructed(new Store(name, inputs as never, options));
  };

/** By the last two parts of the token `external-secrets:MODULE:NAME`. */
export const COMPONENTS: Readonly<Record<string, Constructor>> = {
  "index:ExternalSecretsOperator": async (name, inputs, options) => {
    const { ExternalSecretsOperator } = await import("../external-secrets-operator.ts");
    return constructed(new ExternalSecretsOperator(name, inputs as never, options));
  },
  "index:SecretStore": store("SecretStore"),
  "index:ClusterSecretStore": store("ClusterSecretStore"),
  "index:ExternalSecret": async (name, inputs, options) => {
    const { RemoteExternalSecret } = await import("./remote-components.ts");
    return constructed(new RemoteExternalSecret(name, inputs as never, options));
  },
  "aws:AwsSecretStore": cloudStore(async () => (await import("../aws/index.ts")).AwsSecretStore),
  "azure:AzureKeyVaultStore": cloudStore(async () => (await import("../azure/index.ts")).AzureKeyVaultStore),
  "gcp:GcpSecretStore": cloudStore(async () => (await import("../gcp/index.ts")).GcpSecretStore),
  "vault:VaultStore": cloudStore(async () => (await import("../vault/index.ts")).VaultStore),
};

const PREFIX = "external-secrets:";

/** @throws Error that names the components that there are. */
export function componentOf(token: string): Constructor {
  const name = token.startsWith(PREFIX) ? token.slice(PREFIX.length) : "";
  const found = Object.hasOwn(COMPONENTS, name) ? COMPONENTS[name] : undefined;
  if (found === undefined) {
    throw new Error(`${token} is no component of this provider; it has ${Object.keys(COMPONENTS).join(", ")}`);
  }
  return found;
}
