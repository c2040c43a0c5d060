/** The schema of the provider, from which the SDKs of other languages are made. The build writes it to `dist/schema.json`. */
import { join } from "node:path";
import { providerSchema } from "../../sync/provider/schema.ts";
import { projectFolder } from "../run-step.ts";
import { ArgumentTypes } from "./argument-types.ts";
import { ComponentSchemaTypes, type Replacements, type TypeSpec } from "./schema-of-types.ts";

const MODULE = "external-secrets:index";
const text = (description: string): TypeSpec => ({ type: "string", description });
const texts = { type: "object", additionalProperties: { type: "string" } };

const OBJECT_META = `${MODULE}:ObjectMeta`;
const objectMeta = {
  type: "object",
  description: "Metadata of an object in Kubernetes.",
  properties: {
    name: text("Default: one that Pulumi makes of the resource's name."),
    namespace: text("Default: that of the Kubernetes provider."),
    labels: { ...texts, description: "Default: none." },
    annotations: { ...texts, description: "Default: none." },
  },
};
const metadata = { metadata: { $ref: `#/types/${OBJECT_META}` } };

interface Component {
  /** The class that the provider makes. */
  readonly class: string;
  /** The interface of its arguments. */
  readonly args: string;
  readonly description: string;
  readonly replacements?: Replacements;
}

const keyless = "that stores no credential, the identity that reads it, and grants of what `grants` names.";

/** By the token's last two parts. A test holds them against the components that the provider makes. */
const COMPONENTS: Readonly<Record<string, Component>> = {
  "index:ExternalSecretsOperator": {
    class: "ExternalSecretsOperator",
    args: "ExternalSecretsOperatorArgs",
    description:
      "Installs the controller and all that it needs: CRDs, namespace, identity, least-privilege roles, Deployment.",
  },
  "index:SecretStore": {
    class: "RemoteSecretStore",
    args: "RemoteSecretStoreArgs",
    description: "Serves the ExternalSecrets of its own namespace. Made when the controller has found it valid.",
    replacements: metadata,
  },
  "index:ClusterSecretStore": {
    class: "RemoteSecretStore",
    args: "RemoteSecretStoreArgs",
    description:
      "Serves the ExternalSecrets of every namespace that its conditions admit. Made when the controller has found it valid.",
    replacements: metadata,
  },
  "index:ExternalSecret": {
    class: "RemoteExternalSecret",
    args: "RemoteExternalSecretArgs",
    description: "Keeps a Secret equal to what a backend holds. Made when the Secret is in the cluster.",
    replacements: metadata,
  },
  "aws:AwsSecretStore": {
    class: "AwsSecretStore",
    args: "AwsSecretStoreArgs",
    description: `A store of AWS Secrets Manager or Parameter Store ${keyless}`,
  },
  "azure:AzureKeyVaultStore": {
    class: "AzureKeyVaultStore",
    args: "AzureKeyVaultStoreArgs",
    description: `A store of an Azure Key Vault ${keyless}`,
  },
  "gcp:GcpSecretStore": {
    class: "GcpSecretStore",
    args: "GcpSecretStoreArgs",
    description: `A store of Google Secret Manager ${keyless}`,
  },
  "vault:VaultStore": { class: "VaultStore", args: "VaultStoreArgs", description: `A store of Vault ${keyless}` },
};

/** The schema. @param version of the package. @throws Error where two things of it have one name. */
export function packageSchema(version: string): Readonly<Record<string, unknown>> {
  const types = new ComponentSchemaTypes(new ArgumentTypes(join(projectFolder, "components")));
  const resources = Object.entries(COMPONENTS).map(([name, component]) => [
    `external-secrets:${name}`,
    resourceOf(types, component),
  ]);
  const alone = providerSchema(version);
  const added = { resources: Object.fromEntries(resources), types: { ...types.types, [OBJECT_META]: objectMeta } };
  const twice = Object.keys(added.types).filter((token) => Object.hasOwn(Object(alone.types), token));
  if (twice.length > 0) throw new Error(`declared by the components and by sync: ${twice.join(", ")}`);
  const schema = providerSchema(version, added);
  return { ...schema, types: referencedTypes(schema), language: LANGUAGES };
}

function resourceOf(types: ComponentSchemaTypes, component: Component): Readonly<Record<string, unknown>> {
  const { properties, required = [] } = types.inputs(component.args, component.replacements);
  const outputs = types.outputs(component.class);
  return {
    isComponent: true,
    description: component.description,
    inputProperties: properties,
    requiredInputs: required,
    properties: outputs.properties,
    required: outputs.required ?? [],
  };
}

/** Types that a resource, a function or the configuration leads to; others came up on the way and were given up. */
function referencedTypes(schema: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { types, ...roots } = schema;
  const all = Object.entries(Object(types) as Readonly<Record<string, unknown>>);
  const reached = new Set<string>();
  const visit = (part: unknown): void => {
    for (const [, token = ""] of JSON.stringify(part).matchAll(/"#\/types\/([^"]+)"/g)) {
      if (reached.has(token)) continue;
      reached.add(token);
      visit(all.find(([name]) => name === token)?.[1] ?? null);
    }
  };
  visit(roots);
  return Object.fromEntries(all.filter(([token]) => reached.has(token)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Each SDK says its own version, so that the plugin of the same version is used. */
const LANGUAGES = {
  nodejs: { respectSchemaVersion: true },
  python: { respectSchemaVersion: true, pyproject: { enabled: true } },
  go: { respectSchemaVersion: true },
};
