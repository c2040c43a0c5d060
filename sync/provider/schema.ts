/** The Pulumi schema of the provider, from which the SDK of every language is made. */
import { structuralSchema } from "../../api/crd/structural-schema.ts";
import { externalSecretSpecSchema } from "../../api/external-secret.ts";
import { secretStoreSpecSchema } from "../../api/secret-store.ts";
import { SchemaTypes, type TypeSpec } from "./schema-types.ts";

type Section = Readonly<Record<string, TypeSpec>>;

const MODULE = "external-secrets:index";
const text = (description: string): TypeSpec => ({ type: "string", description });
const texts = (description: string): TypeSpec => ({
  type: "object",
  additionalProperties: { type: "string" },
  description,
});
const list = (description: string): TypeSpec => ({ type: "array", items: { type: "string" }, description });

/** Inputs that both the resource and the function take. */
function storeInputs(types: SchemaTypes): Section {
  const { properties } = structuralSchema(secretStoreSpecSchema);
  const { provider, retrySettings } = properties as Readonly<Record<"provider" | "retrySettings", TypeSpec>>;
  const storeRef = types.named(
    "StoreRef",
    {
      name: text("Name of the store."),
      kind: text("SecretStore or ClusterSecretStore. Default: SecretStore."),
      namespace: text("Namespace of a SecretStore. Default: that of the SyncedSecret."),
    },
    ["name"],
  );
  const store = types.named("Store", {
    provider: types.property(provider, "StoreProvider"),
    retrySettings: types.property(retrySettings, "StoreRetrySettings"),
    storeRef: { ...storeRef, description: "A store of the cluster, in the place of provider." },
  });
  return {
    store: { ...store, description: "Where values come from: a provider block, or a store of the cluster." },
    credentials: {
      type: "object",
      additionalProperties: { type: "object", additionalProperties: { $ref: "pulumi.json#/Any" } },
      secret: true,
      description:
        "Credentials by name and key, in the place of Secrets that the store refers to: a text, or {env: NAME} for an environment variable that is read when an operation runs.",
    },
  };
}

function resourceInputs(types: SchemaTypes, shared: Section): Section {
  const metadata = types.named("SyncedSecretMetadata", {
    name: text("Default: the resource's name."),
    namespace: text("Default: that of the provider, then of the kubeconfig's context."),
    labels: texts("Labels of the Secret, unless a template has its own."),
    annotations: texts("Annotations of the Secret, unless a template has its own."),
  });
  return {
    ...shared,
    metadata: { ...metadata, description: "Where the Secret is, and its labels and annotations." },
    spec: types.property(structuralSchema(externalSecretSpecSchema), "SyncedSecretSpec"),
    adopt: {
      type: "boolean",
      description: "Whether a Secret that is there and is not ours may be taken over. Default: false.",
    },
  };
}

const OUTPUTS: Section = {
  secretName: text("Name of the Secret."),
  namespace: text("Namespace of the Secret."),
  type: text("Type of the Secret."),
  uid: text("Uid of the Secret; empty where none is written."),
  keys: texts("A keyed hash of each value, by the Secret's key."),
  source: text("A keyed hash of all that was read."),
  versions: texts("The version of each remote secret in the backend, by remote key, as it was written last."),
  owner: text("Value of the ownership label."),
  hashKey: { type: "string", secret: true, description: "The random key of the hashes." },
  clusterDrift: list("What the last refresh found changed in the cluster: keys and metadata."),
  backendDrift: list("Keys whose value in the backend the last refresh found changed."),
};

function configuration(shared: Section): Section {
  return {
    kubeconfig: {
      ...text("A kubeconfig: its path, or its text. Default: KUBECONFIG, the pod's service account, ~/.kube/config."),
      secret: true,
    },
    context: text("A context of the kubeconfig. Default: its current one."),
    namespace: text("For SyncedSecrets that name none. Default: that of the context."),
    store: { ...shared.store, description: "The store of SyncedSecrets that name none." },
    credentials: { ...shared.credentials },
    requestTimeout: text("Limit of one call to a backend or to the API server, as a duration. Default: 30s."),
  };
}

/**
 * The schema.
 * @param version of the package.
 * @param more sections of another part of the provider (`types`, `resources`, `functions`), merged by their members.
 */
export function providerSchema(
  version: string,
  more: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {},
): Readonly<Record<string, unknown>> {
  const types = new SchemaTypes(MODULE);
  const shared = storeInputs(types);
  const inputs = resourceInputs(types, shared);
  const config = configuration(shared);
  return {
    name: "external-secrets",
    displayName: "External Secrets",
    version,
    description: "Kubernetes Secrets from secret backends, owned by Pulumi, with no value in the state.",
    license: "Apache-2.0",
    keywords: ["pulumi", "kubernetes", "secrets", "category/infrastructure"],
    config: { variables: config },
    provider: { description: "The cluster, and what resources take that name no store.", inputProperties: config },
    types: { ...types.types, ...more.types },
    resources: { [`${MODULE}:SyncedSecret`]: syncedSecret(inputs), ...more.resources },
    functions: { [`${MODULE}:readSecret`]: readSecret(shared), ...more.functions },
  };
}

function syncedSecret(inputs: Section): TypeSpec {
  return {
    description:
      "A Kubernetes Secret that is owned by the stack: read from a backend on each `pulumi up`. Its values are never in the state.",
    inputProperties: inputs,
    requiredInputs: ["spec"],
    properties: OUTPUTS,
    required: Object.keys(OUTPUTS),
  };
}

function readSecret(shared: Section): TypeSpec {
  const properties = {
    ...shared,
    namespace: text("Whose Secrets the store's references mean. Default: that of the provider."),
    key: text("The key in the backend."),
    property: text("A part of a value that is JSON."),
    version: text("In the backend's own notation. Default: the current one."),
  };
  return {
    description:
      "Reads one value of a backend. It is in the state, encrypted, where the program puts it and only there.",
    inputs: { type: "object", properties, required: ["key"] },
    outputs: {
      type: "object",
      properties: { value: { type: "string", secret: true, description: "The value as text." } },
      required: ["value"],
    },
  };
}
