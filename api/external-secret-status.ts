/** What the controller reports of an ExternalSecret. */
import * as z from "zod";
import type { DeepReadonly } from "./deep-readonly.ts";
import { dateTime } from "./formats.ts";
import { EXTERNAL_SECRET_CONDITION_TYPES, MAX_STATUS_ENTRIES } from "./reasons.ts";

const externalSecretConditionSchema = z.object({
  type: z.enum(EXTERNAL_SECRET_CONDITION_TYPES).describe("What the condition is about."),
  status: z.string().describe("True, False or Unknown."),
  reason: z.string().exactOptional().describe("One word, for programs."),
  message: z.string().exactOptional().describe("A sentence, for people. Never holds a value."),
  lastTransitionTime: dateTime.exactOptional().describe("When the status changed last."),
});
/** A condition of an ExternalSecret. */
export type ExternalSecretCondition = DeepReadonly<z.input<typeof externalSecretConditionSchema>>;

const externalSecretEntrySchema = z.object({
  field: z.string().describe("Path of the entry: spec.data[1].remoteRef."),
  key: z.string().exactOptional().describe("Key in the backend."),
  property: z.string().exactOptional().describe("Property inside the value."),
  reason: z.string().describe("SecretNotFound, PropertyNotFound, AccessDenied, InvalidConfiguration or Transient."),
  message: z.string().exactOptional().describe("The cause and what follows from it. Never holds a value."),
});
/** An entry of `data` or `dataFrom` that gave nothing at the last refresh. */
export type ExternalSecretEntryStatus = DeepReadonly<z.input<typeof externalSecretEntrySchema>>;

/** What the controller reports of an ExternalSecret. */
export const externalSecretStatusSchema = z.object({
  conditions: z.array(externalSecretConditionSchema).exactOptional().describe("The conditions, one of each type."),
  refreshTime: dateTime.nullable().exactOptional().describe("When values were read from the backend and written last."),
  syncedResourceVersion: z
    .string()
    .exactOptional()
    .describe("Generation and hash of labels and annotations that were synced last."),
  observedGeneration: z
    .int()
    .exactOptional()
    .meta({ format: "int64" })
    .describe(
      "Generation of the spec that the conditions are about: who waits for an edit to be carried out waits for it, as kubectl and Pulumi do. ESO has no such field.",
    ),
  contentVersion: z
    .string()
    .exactOptional()
    .describe(
      "Changes when the data of the Secret changes, and tells nothing about it: what rolls a workload may follow it. Absent until the data is written for the first time. ESO has no such field.",
    ),
  binding: z
    .object({ name: z.string().default("").describe("Name of the Secret.") })
    .exactOptional()
    .describe("The Secret that was written, for service bindings."),
  entries: z
    .array(externalSecretEntrySchema)
    .max(MAX_STATUS_ENTRIES)
    .exactOptional()
    .describe(
      "Entries of data and dataFrom that gave nothing at the last refresh, the first 20. Absent when all gave.",
    ),
});
/** What the controller reports of an ExternalSecret. */
export type ExternalSecretStatus = DeepReadonly<z.input<typeof externalSecretStatusSchema>>;
