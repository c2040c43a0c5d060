/** Credentials for AWS, shared by the aws backend and Vault's IAM login. */
import * as z from "zod";
import { secretKeySelectorSchema, serviceAccountSelectorSchema } from "../selectors.ts";

/** A ServiceAccount whose token is exchanged for a role. */
export const awsJwtAuthSchema = z.object({
  serviceAccountRef: serviceAccountSelectorSchema
    .exactOptional()
    .describe(
      "ServiceAccount whose annotation eks.amazonaws.com/role-arn names the role. Default: the controller's own credential chain.",
    ),
});

/** Access keys in Secrets of the cluster. */
export const awsSecretRefAuthSchema = z.object({
  accessKeyIDSecretRef: secretKeySelectorSchema.exactOptional().describe("The access key id."),
  secretAccessKeySecretRef: secretKeySelectorSchema.exactOptional().describe("The secret access key."),
  sessionTokenSecretRef: secretKeySelectorSchema
    .exactOptional()
    .describe("The session token of temporary credentials. Default: none."),
});
