/** Where values come from: stores and generators. */
import * as z from "zod";
import type { DeepReadonly } from "./deep-readonly.ts";
import { dnsSubdomain } from "./formats.ts";
import { EXACTLY_ONE_FIELD } from "./schema-extensions.ts";

/** Kinds of generators that a `generatorRef` may name. */
export const GENERATOR_KINDS = [
  "ACRAccessToken",
  "BeyondtrustWorkloadCredentialsDynamicSecret",
  "ClusterGenerator",
  "CloudsmithAccessToken",
  "ECRAuthorizationToken",
  "Fake",
  "GCRAccessToken",
  "GithubAccessToken",
  "GitlabDeployToken",
  "QuayAccessToken",
  "Password",
  "SSHKey",
  "STSSessionToken",
  "UUID",
  "VaultDynamicSecret",
  "Webhook",
  "Grafana",
  "MFA",
] as const;

/** A reference to a store. */
export const secretStoreRefSchema = z.object({
  name: dnsSubdomain.exactOptional().describe("Name of the store."),
  kind: z
    .enum(["SecretStore", "ClusterSecretStore"])
    .exactOptional()
    .describe("Kind of the store. Default: SecretStore, in the namespace of the ExternalSecret."),
});
/** A reference to a store. */
export type SecretStoreRef = DeepReadonly<z.input<typeof secretStoreRefSchema>>;

/** A reference to a generator. */
export const generatorRefSchema = z.object({
  apiVersion: z.string().default("generators.external-secrets.io/v1alpha1").describe("API version of the generator."),
  kind: z.enum(GENERATOR_KINDS).describe("Kind of the generator."),
  name: dnsSubdomain.describe("Name of the generator, in the namespace of the ExternalSecret."),
});
/** A reference to a generator. */
export type GeneratorRef = DeepReadonly<z.input<typeof generatorRefSchema>>;

/** A source of its own for one item: exactly one of a store or a generator. */
export const sourceRefSchema = z
  .object({
    storeRef: secretStoreRefSchema.exactOptional().describe("Store to read from."),
    generatorRef: generatorRefSchema.exactOptional().describe("Generator to take values from. In dataFrom only."),
  })
  .meta(EXACTLY_ONE_FIELD);
/** A source of its own for one item. */
export type SourceRef = DeepReadonly<z.input<typeof sourceRefSchema>>;
