/** The one block of a store that says which backend it is. */
import * as z from "zod";
import type { DeepReadonly } from "./deep-readonly.ts";
import { celRules } from "./schema-extensions.ts";
import { providerRules } from "./secret-store-rules.ts";
import { awsProviderSchema } from "./stores/aws.ts";
import { azureKvProviderSchema } from "./stores/azurekv.ts";
import { fakeProviderSchema } from "./stores/fake.ts";
import { gcpSmProviderSchema } from "./stores/gcpsm.ts";
import { kubernetesProviderSchema } from "./stores/kubernetes.ts";
import { vaultProviderSchema } from "./stores/vault.ts";
import { webhookProviderSchema } from "./stores/webhook.ts";

const backends = {
  aws: awsProviderSchema
    .exactOptional()
    .describe("Amazon Web Services: Secrets Manager, Parameter Store, Certificate Manager."),
  azurekv: azureKvProviderSchema.exactOptional().describe("Azure Key Vault."),
  fake: fakeProviderSchema.exactOptional().describe("Values in the store itself, for trying things out."),
  gcpsm: gcpSmProviderSchema.exactOptional().describe("Google Cloud Secret Manager."),
  kubernetes: kubernetesProviderSchema.exactOptional().describe("Secrets of another namespace or cluster."),
  vault: vaultProviderSchema.exactOptional().describe("HashiCorp Vault or OpenBao: the KV engine."),
  webhook: webhookProviderSchema.exactOptional().describe("Any HTTP service."),
};

/** Exactly one backend. */
export const providerSchema = z
  .object(backends)
  .meta({ minProperties: 1, ...celRules(...providerRules(Object.keys(backends))) });
/** The block of a store that says which backend it is: one of these fields is set. */
export type ProviderSpec = DeepReadonly<z.input<typeof providerSchema>>;

/** The field of `spec.provider` that is set. */
export type ProviderName = keyof ProviderSpec;
