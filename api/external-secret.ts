/** ExternalSecret: the wish for one Kubernetes Secret that is kept equal to what a backend holds. */
import * as z from "zod";
import type { DeepReadonly } from "./deep-readonly.ts";
import { externalSecretDataFromSchema, externalSecretDataSchema } from "./external-secret-data.ts";
import { EXTERNAL_SECRET_RULES, EXTERNAL_SECRET_SPEC_RULES } from "./external-secret-rules.ts";
import { secretStoreRefSchema } from "./external-secret-source.ts";
import { type ExternalSecretStatus, externalSecretStatusSchema } from "./external-secret-status.ts";
import { externalSecretTargetSchema } from "./external-secret-target.ts";
import { type ObjectMeta, objectMetaSchema } from "./object-meta.ts";
import { celRules } from "./schema-extensions.ts";
import { syncWindowsSchema } from "./sync-windows.ts";

export type {
  ExternalSecretData,
  ExternalSecretDataFrom,
  ExternalSecretFind,
  ExternalSecretRemoteRef,
} from "./external-secret-data.ts";
export type { Rewrite } from "./external-secret-rewrite.ts";
export type { GeneratorRef, SecretStoreRef, SourceRef } from "./external-secret-source.ts";
export type {
  ExternalSecretCondition,
  ExternalSecretEntryStatus,
  ExternalSecretStatus,
} from "./external-secret-status.ts";
export type { CreationPolicy, DeletionPolicy, ExternalSecretTarget } from "./external-secret-target.ts";
export type { ExternalSecretTemplate, TemplateFrom } from "./external-secret-template.ts";
export type { SyncWindows } from "./sync-windows.ts";

/** When an ExternalSecret is refreshed. */
export const refreshPolicySchema = z.enum(["CreatedOnce", "Periodic", "OnChange"]);
/** When an ExternalSecret is refreshed. */
export type RefreshPolicy = z.infer<typeof refreshPolicySchema>;

/** What an ExternalSecret asks for. */
export const externalSecretSpecSchema = z
  .object({
    secretStoreRef: secretStoreRefSchema
      .exactOptional()
      .describe("The store that values are read from, unless an item names its own."),
    target: externalSecretTargetSchema
      .default({ creationPolicy: "Owner", deletionPolicy: "Retain" })
      .describe("The Secret that is written."),
    refreshPolicy: refreshPolicySchema
      .exactOptional()
      .describe(
        "Periodic refreshes each refreshInterval and on changes; OnChange only when the ExternalSecret changes; CreatedOnce only once. Default: Periodic.",
      ),
    refreshInterval: z
      .string()
      .default("1h0m0s")
      .describe('How often the backend is read, as a Go duration ("1h30m"). 0 reads it once and never again.'),
    syncWindows: syncWindowsSchema.exactOptional().describe("When periodic refreshes are permitted. Default: always."),
    data: z
      .array(externalSecretDataSchema)
      .max(10_000)
      .exactOptional()
      .describe("Single values. They win over dataFrom."),
    dataFrom: z
      .array(externalSecretDataFromSchema)
      .exactOptional()
      .describe("Whole maps of values, in order; later ones win."),
  })
  .meta(celRules(...EXTERNAL_SECRET_SPEC_RULES));
/** What an ExternalSecret asks for. Fields with a default may be absent: the API server fills them, a manifest need not. */
export type ExternalSecretSpec = DeepReadonly<z.input<typeof externalSecretSpecSchema>>;

/** A manifest of an ExternalSecret. */
export const externalSecretSchema = z
  .object({
    apiVersion: z.enum(["external-secrets.io/v1", "external-secrets.io/v1beta1"]),
    kind: z.literal("ExternalSecret"),
    metadata: objectMetaSchema,
    spec: externalSecretSpecSchema.describe("What is asked for."),
    status: externalSecretStatusSchema.exactOptional().describe("What was done, written by the controller."),
  })
  .meta(celRules(...EXTERNAL_SECRET_RULES));

/** An ExternalSecret as the API server gives it. */
export interface ExternalSecret {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
  readonly spec: ExternalSecretSpec;
  readonly status?: ExternalSecretStatus;
}
