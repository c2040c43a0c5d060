/** Amazon Web Services: Secrets Manager, Parameter Store and Certificate Manager. */
import * as z from "zod";
import type { DeepReadonly } from "../deep-readonly.ts";
import { stringMap } from "../formats.ts";
import { celRules } from "../schema-extensions.ts";
import { SESSION_TAG_RULES } from "../secret-store-rules.ts";
import { awsJwtAuthSchema, awsSecretRefAuthSchema } from "./aws-auth.ts";

const awsAuthSchema = z.object({
  jwt: awsJwtAuthSchema.exactOptional().describe("Role by a ServiceAccount's token. Goes before secretRef."),
  secretRef: awsSecretRefAuthSchema.exactOptional().describe("Access keys in Secrets."),
});

const sessionTagSchema = z.object({
  key: z.string().describe("Key of the tag."),
  value: z.string().describe("Value of the tag."),
});

const secretsManagerSchema = z.object({
  forceDeleteWithoutRecovery: z
    .boolean()
    .exactOptional()
    .describe("Deletes at once, with no way back. Not together with recoveryWindowInDays. Default: false."),
  recoveryWindowInDays: z
    .int()
    .meta({ format: "int64" })
    .exactOptional()
    .describe("Days until a deleted secret is gone, 7 to 30. Default: AWS's, 30."),
});

/** AWS: which service in which region, and as whom. */
export const awsProviderSchema = z.object({
  service: z
    .enum(["SecretsManager", "ParameterStore", "CertificateManager"])
    .describe("Service that holds the secrets."),
  region: z.string().describe("Region, such as eu-central-1."),
  auth: awsAuthSchema
    .exactOptional()
    .describe("Credentials. Default: the controller's own (IRSA, Pod Identity, environment, instance metadata)."),
  role: z.string().exactOptional().describe("ARN of a role that is assumed last. Default: none."),
  additionalRoles: z
    .array(z.string())
    .exactOptional()
    .describe("ARNs of roles that are assumed one after the other, before role. Default: none."),
  externalID: z.string().exactOptional().describe("External id for assuming role. Default: none."),
  prefix: z.string().exactOptional().describe("Put before every key. Default: none."),
  sessionTags: z.array(sessionTagSchema).exactOptional().describe("Session tags for assuming role. Default: none."),
  sessionTagsPolicy: z
    .enum(["None", "Simple", "Custom"])
    .default("None")
    .describe(
      "Simple adds the session tags esoNamespace, esoStoreName and esoStoreKind; Custom adds those and customSessionTags.",
    ),
  customSessionTags: stringMap
    .meta(celRules(...SESSION_TAG_RULES))
    .exactOptional()
    .describe("More session tags, for sessionTagsPolicy Custom. Default: none."),
  transitiveTagKeys: z
    .array(z.string())
    .exactOptional()
    .describe("Session tags that go on to the roles that are assumed from role. Default: none."),
  secretsManager: secretsManagerSchema.exactOptional().describe("How Secrets Manager deletes what was pushed."),
});
/** AWS: which service in which region, and as whom. */
export type AwsProviderSpec = DeepReadonly<z.input<typeof awsProviderSchema>>;
