/** What the controller reports of an ExternalSecret. */
import * as z from "zod";
import type { DeepReadonly } from "./deep-readonly.ts";
import { dateTime } from "./formats.ts";
import { EXTERNAL_SECRET_CONDITION_TYPES } from "./reasons.ts";

const externalSecretConditionSchema = z.object({
  type: z.enum(EXTERNAL_SECRET_CONDITION_TYPES).describe("What the condition is about."),
  status: z.string().describe("True, False or Unknown."),
  reason: z.string().exactOptional().describe("One word, for programs."),
  message: z.string().exactOptional().describe("A sentence, for people. Never holds a value."),
  lastTransitionTime: dateTime.exactOptional().describe("When the status changed last."),
});
/** A condition of an ExternalSecret. */
export type ExternalSecretCondition = DeepReadonly<z.input<typeof externalSecretConditionSchema>>;

/** What the controller reports of an ExternalSecret. */
export const externalSecretStatusSchema = z.object({
  conditions: z.array(externalSecretConditionSchema).exactOptional().describe("The conditions, one of each type."),
  refreshTime: dateTime.nullable().exactOptional().describe("When values were read from the backend and written last."),
  syncedResourceVersion: z
    .string()
    .exactOptional()
    .describe("Generation and hash of labels and annotations that were synced last."),
  binding: z
    .object({ name: z.string().default("").describe("Name of the Secret.") })
    .exactOptional()
    .describe("The Secret that was written, for service bindings."),
});
/** What the controller reports of an ExternalSecret. */
export type ExternalSecretStatus = DeepReadonly<z.input<typeof externalSecretStatusSchema>>;
