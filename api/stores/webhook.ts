/** Any HTTP service that answers with JSON or text. */
import * as z from "zod";
import type { DeepReadonly } from "../deep-readonly.ts";
import { base64Bytes, stringMap } from "../formats.ts";
import { EXACTLY_ONE_FIELD } from "../schema-extensions.ts";
import { caProviderSchema, secretKeySelectorSchema } from "../selectors.ts";

const webhookAuthSchema = z
  .object({
    ntlm: z
      .object({
        usernameSecret: secretKeySelectorSchema.describe("Secret that holds the user name."),
        passwordSecret: secretKeySelectorSchema.describe("Secret that holds the password."),
      })
      .exactOptional()
      .describe("NTLM."),
  })
  .meta(EXACTLY_ONE_FIELD);

const webhookSecretSchema = z.object({
  name: z.string().describe("Name by which templates use it."),
  secretRef: secretKeySelectorSchema.describe("Secret, which must have the label external-secrets.io/type=webhook."),
});

/** An HTTP service: what is asked, and what of the answer is taken. */
export const webhookProviderSchema = z.object({
  url: z.string().describe("URL; a template with .remoteRef.{key,version,property,namespace} and each of secrets."),
  method: z.string().exactOptional().describe("HTTP method. Default: GET; POST where values are pushed."),
  headers: stringMap.exactOptional().describe("Headers; values are templates."),
  body: z.string().exactOptional().describe("Body of the request; a template. Default: none."),
  timeout: z.string().exactOptional().describe("Limit of a request, as a Go duration. Default: the controller's."),
  result: z
    .object({
      jsonPath: z
        .string()
        .exactOptional()
        .describe("JSONPath of the value in the answer; a template. Default: all of it."),
    })
    .exactOptional()
    .describe("What of the answer is taken."),
  secrets: z.array(webhookSecretSchema).exactOptional().describe("Secrets of the cluster for the templates."),
  auth: webhookAuthSchema.exactOptional().describe("How to log in. Default: not at all."),
  caBundle: base64Bytes
    .exactOptional()
    .describe("PEM of the certificates that the server is checked with. Default: the system's."),
  caProvider: caProviderSchema.exactOptional().describe("Where that PEM is kept in the cluster."),
});
/** An HTTP service: what is asked, and what of the answer is taken. */
export type WebhookProviderSpec = DeepReadonly<z.input<typeof webhookProviderSchema>>;
