/** Which components there are for other languages, by their tokens; each is loaded when it is asked for. */
import type { ComponentResourceOptions, Inputs } from "@pulumi/pulumi";
import type { ConstructedComponent } from "./pulumi-runtime.ts";

/** Makes a component. Its inputs have been checked against nothing: components check what they are given. */
export type Constructor = (
  name: string,
  inputs: Inputs,
  options: ComponentResourceOptions,
) => Promise<ConstructedComponent>;

const store =
  (kind: "SecretStore" | "ClusterSecretStore"): Constructor =>
  async (name, inputs, options) => {
    const { RemoteSecretStore } = await import("./remote-components.ts");
    const resource = new RemoteSecretStore(kind, name, inputs as never, options);
    return { resource, outputs: { ref: resource.ref } };
  };

/** By the last part of the token `external-secrets:index:NAME`. */
export const COMPONENTS: Readonly<Record<string, Constructor>> = {
  ExternalSecretsOperator: async (name, inputs, options) => {
    const { ExternalSecretsOperator } = await import("../external-secrets-operator.ts");
    const resource = new ExternalSecretsOperator(name, inputs as never, options);
    const { namespace, serviceAccountName, deploymentName, servedNamespaces } = resource;
    return { resource, outputs: { namespace, serviceAccountName, deploymentName, servedNamespaces } };
  },
  SecretStore: store("SecretStore"),
  ClusterSecretStore: store("ClusterSecretStore"),
  ExternalSecret: async (name, inputs, options) => {
    const { RemoteExternalSecret } = await import("./remote-components.ts");
    const resource = new RemoteExternalSecret(name, inputs as never, options);
    return { resource, outputs: { secretName: resource.secretName, ready: resource.ready } };
  },
};

const PREFIX = "external-secrets:index:";

/** @throws Error that names the components that there are. */
export function componentOf(token: string): Constructor {
  const name = token.startsWith(PREFIX) ? token.slice(PREFIX.length) : "";
  const found = Object.hasOwn(COMPONENTS, name) ? COMPONENTS[name] : undefined;
  if (found === undefined) {
    throw new Error(`${token} is no component of this provider; it has ${Object.keys(COMPONENTS).join(", ")}`);
  }
  return found;
}
