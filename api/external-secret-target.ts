/** Which Secret an ExternalSecret writes, and how. */
import * as z from "zod";
import type { DeepReadonly } from "./deep-readonly.ts";
import { TARGET_RULES } from "./external-secret-rules.ts";
import { externalSecretTemplateSchema } from "./external-secret-template.ts";
import { dnsSubdomain } from "./formats.ts";
import { celRules } from "./schema-extensions.ts";

/** When the Secret is created and who owns it. */
export const creationPolicySchema = z.enum(["Owner", "Orphan", "Merge", "None", "CreateOrMerge"]);
/** When the Secret is created and who owns it. */
export type CreationPolicy = z.infer<typeof creationPolicySchema>;

/** What happens when the backend has the secret no longer. */
export const deletionPolicySchema = z.enum(["Delete", "Merge", "Retain"]);
/** What happens when the backend has the secret no longer. */
export type DeletionPolicy = z.infer<typeof deletionPolicySchema>;

const manifestSchema = z.object({
  apiVersion: z.string().min(1).describe("API version of the target."),
  kind: z.string().min(1).describe("Kind of the target."),
});

/** Which Secret an ExternalSecret writes, and how. */
export const externalSecretTargetSchema = z
  .object({
    name: dnsSubdomain.exactOptional().describe("Name of the Secret. Default: that of the ExternalSecret."),
    creationPolicy: creationPolicySchema
      .default("Owner")
      .describe(
        "Owner creates the Secret and owns it; Orphan creates it without an owner; Merge only adds keys to one that is there; CreateOrMerge does either; None writes nothing.",
      ),
    deletionPolicy: deletionPolicySchema
      .default("Retain")
      .describe(
        "When the backend has none of the values any longer: Retain keeps the Secret, Delete deletes it (creationPolicy Owner only), Merge removes the keys of this ExternalSecret.",
      ),
    immutable: z
      .boolean()
      .exactOptional()
      .describe("Makes the Secret immutable: its data is written once. Default: false."),
    template: externalSecretTemplateSchema
      .exactOptional()
      .describe("How the Secret is rendered. Default: the values as they are."),
    manifest: manifestSchema
      .exactOptional()
      .describe("Another kind of target than Secret. Must be permitted by a flag of the controller."),
  })
  .meta(celRules(...TARGET_RULES));
/** Which Secret an ExternalSecret writes, and how. */
export type ExternalSecretTarget = DeepReadonly<z.input<typeof externalSecretTargetSchema>>;
