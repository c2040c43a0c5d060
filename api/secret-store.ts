/** SecretStore and ClusterSecretStore: how a secret backend is reached. Both have one schema. */
import * as z from "zod";
import type { DeepReadonly } from "./deep-readonly.ts";
import { dateTime, dnsLabel } from "./formats.ts";
import { type ObjectMeta, objectMetaSchema } from "./object-meta.ts";
import { providerSchema } from "./provider-spec.ts";
import { celRules } from "./schema-extensions.ts";
import { NAMESPACE_REGEX_RULES, REFRESH_INTERVAL_RULES, SECRET_STORE_RULES } from "./secret-store-rules.ts";
import { labelSelectorSchema } from "./selectors.ts";

export type { ProviderName, ProviderSpec } from "./provider-spec.ts";
export type { AwsProviderSpec } from "./stores/aws.ts";
export type { AzureKvProviderSpec } from "./stores/azurekv.ts";
export type { FakeProviderSpec } from "./stores/fake.ts";
export type { GcpSmProviderSpec } from "./stores/gcpsm.ts";
export type { KubernetesProviderSpec } from "./stores/kubernetes.ts";
export type { VaultProviderSpec } from "./stores/vault.ts";
export type { WebhookProviderSpec } from "./stores/webhook.ts";

/** Which namespaces may use a ClusterSecretStore. The parts of one condition, and the conditions, are ORed. */
export const storeConditionSchema = z.object({
  namespaceSelector: labelSelectorSchema.exactOptional().describe("Namespaces by their labels."),
  namespaces: z.array(dnsLabel).exactOptional().describe("Namespaces by their names."),
  namespaceRegexes: z
    .array(
      z
        .string()
        .max(1_024)
        .meta(celRules(...NAMESPACE_REGEX_RULES)),
    )
    .max(128)
    .exactOptional()
    .describe("Namespaces whose name matches a regular expression (RE2). Not anchored: write ^team-a$ for one name."),
});
/** Which namespaces may use a ClusterSecretStore. */
export type StoreCondition = DeepReadonly<z.input<typeof storeConditionSchema>>;

const retrySettingsSchema = z.object({
  maxRetries: z
    .int()
    .meta({ format: "int32" })
    .exactOptional()
    .describe("How often a failed request is repeated. Default: the backend's."),
  retryInterval: z
    .string()
    .exactOptional()
    .describe("Time between repetitions, as a Go duration. Default: the backend's."),
});

/** How a secret backend is reached. */
export const secretStoreSpecSchema = z.object({
  controller: z
    .string()
    .exactOptional()
    .describe("Class of the controller that serves this store. Default: whichever controller sees it."),
  provider: providerSchema.describe("The backend: exactly one of the fields."),
  refreshInterval: z
    .union([z.int(), z.string()])
    .exactOptional()
    .describe(
      'How often the store is validated: a Go duration ("5m") or seconds. Default, also of 0: the controller\'s, 5m.',
    )
    .meta({ "x-kubernetes-int-or-string": true, ...celRules(...REFRESH_INTERVAL_RULES) }),
  retrySettings: retrySettingsSchema.exactOptional().describe("How failed requests to the backend are repeated."),
  conditions: z
    .array(storeConditionSchema)
    .max(64)
    .exactOptional()
    .describe("Which namespaces may use this ClusterSecretStore. Default: all."),
});
/** How a secret backend is reached. */
export type SecretStoreSpec = DeepReadonly<z.input<typeof secretStoreSpecSchema>>;

const storeStatusConditionSchema = z.object({
  type: z.string().describe("What the condition is about: Ready."),
  status: z.string().describe("True, False or Unknown."),
  reason: z.string().exactOptional().describe("One word, for programs."),
  message: z.string().exactOptional().describe("A sentence, for people. Never holds a credential."),
  lastTransitionTime: dateTime.exactOptional().describe("When the status changed last."),
});
/** A condition in a store's status. */
export type SecretStoreStatusCondition = DeepReadonly<z.input<typeof storeStatusConditionSchema>>;

/** What the controller reports of a store. */
export const secretStoreStatusSchema = z.object({
  conditions: z.array(storeStatusConditionSchema).exactOptional().describe("The conditions, one of each type."),
  capabilities: z.string().exactOptional().describe("ReadOnly, WriteOnly or ReadWrite."),
});
/** What the controller reports of a store. */
export type SecretStoreStatus = DeepReadonly<z.input<typeof secretStoreStatusSchema>>;

const storeShape = {
  apiVersion: z.enum(["external-secrets.io/v1", "external-secrets.io/v1beta1"]),
  metadata: objectMetaSchema,
  spec: secretStoreSpecSchema.describe("How the backend is reached."),
  status: secretStoreStatusSchema.exactOptional().describe("Whether it is, written by the controller."),
};

/** A manifest of a SecretStore. */
export const secretStoreSchema = z
  .object({ ...storeShape, kind: z.literal("SecretStore") })
  .meta(celRules(...SECRET_STORE_RULES));

/** A manifest of a ClusterSecretStore. */
export const clusterSecretStoreSchema = z
  .object({ ...storeShape, kind: z.literal("ClusterSecretStore") })
  .meta(celRules(...SECRET_STORE_RULES));

/** A SecretStore as the API server gives it. */
export interface SecretStore {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
  readonly spec: SecretStoreSpec;
  readonly status?: SecretStoreStatus;
}

/** A ClusterSecretStore as the API server gives it; `metadata.namespace` is unset. */
export type ClusterSecretStore = SecretStore;
