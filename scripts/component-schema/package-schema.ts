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
  readonly description: string;
  /** The interface of its arguments. */
  readonly args: string;
  readonly outputs: Readonly<Record<string, TypeSpec>>;
  /** Outputs that may be missing. */
  readonly optional?: readonly string[];
  readonly replacements?: Replacements;
}

const storeRef = {
  ref: { $ref: `#/types/${MODULE}:SecretStoreRef`, description: "What an ExternalSecret's argument `store` takes." },
};

const COMPONENTS: Readonly<Record<string, Component>> = {
  ExternalSecretsOperator: {
    description:
      "Installs the controller and all that it needs: CRDs, namespace, identity, least-privilege roles, Deployment.",
    args: "ExternalSecretsOperatorArgs",
    outputs: {
      namespace: text("The namespace that the controller runs in."),
      serviceAccountName: text("The service account that it runs under."),
      deploymentName: text("The Deployment's name."),
      servedNamespaces: {
        type: "array",
        items: { type: "string" },
        description: "The namespaces that it serves, sorted; none for the whole cluster.",
      },
    },
    optional: ["servedNamespaces"],
  },
  SecretStore: {
    description: "Serves the ExternalSecrets of its own namespace. Made when the controller has found it valid.",
    args: "RemoteSecretStoreArgs",
    outputs: storeRef,
    replacements: metadata,
  },
  ClusterSecretStore: {
    description:
      "Serves the ExternalSecrets of every namespace that its conditions admit. Made when the controller has found it valid.",
    args: "RemoteSecretStoreArgs",
    outputs: storeRef,
    replacements: metadata,
  },
  ExternalSecret: {
    description: "Keeps a Secret equal to what a backend holds. Made when the Secret is in the cluster.",
    args: "RemoteExternalSecretArgs",
    outputs: {
      secretName: text("The name of the Secret."),
      ready: {
        type: "boolean",
        description: "Whether the Secret was in the cluster when Pulumi saw the resource last.",
      },
    },
    replacements: metadata,
  },
};

/** The schema. @param version of the package. @throws Error where two things of it have one name. */
export function packageSchema(version: string): Readonly<Record<string, unknown>> {
  const types = new ComponentSchemaTypes(new ArgumentTypes(join(projectFolder, "components")));
  const resources = Object.entries(COMPONENTS).map(([name, component]) => [
    `${MODULE}:${name}`,
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
  return {
    isComponent: true,
    description: component.description,
    inputProperties: properties,
    requiredInputs: required,
    properties: component.outputs,
    required: Object.keys(component.outputs).filter((name) => !(component.optional ?? []).includes(name)),
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
