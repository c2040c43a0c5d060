/** How the keys of a `dataFrom` item are rewritten. */
import * as z from "zod";
import type { DeepReadonly } from "./deep-readonly.ts";
import { EXACTLY_ONE_FIELD } from "./schema-extensions.ts";

const rewriteRegexpSchema = z.object({
  source: z.string().describe("Regular expression (RE2) that is looked for in each key."),
  target: z.string().describe("Replacement of each match; $1 inserts the first group, $name a named one."),
});

const rewriteTransformSchema = z.object({
  template: z.string().describe("Go template that gives the new key; `.value` is the old one."),
});

const rewriteMergeSchema = z.object({
  into: z.string().default("").describe("Key of the merged JSON. Needed by strategy JSON; ignored by Extract."),
  strategy: z
    .enum(["Extract", "JSON"])
    .default("Extract")
    .describe("Extract makes a key of each top-level field; JSON makes one object under the key `into`."),
  conflictPolicy: z
    .enum(["Ignore", "Error"])
    .default("Error")
    .describe("What happens where two values have the same field: Error refuses, Ignore lets the later one win."),
  priority: z
    .array(z.string())
    .exactOptional()
    .describe("Keys whose values win over all others; the last one wins most. Default: alphabetical order."),
  priorityPolicy: z
    .enum(["IgnoreNotFound", "Strict"])
    .default("Strict")
    .describe("Whether a key of `priority` that is not there is an error (Strict) or ignored."),
});

/** One step of a rewrite: exactly one of its fields. */
export const rewriteSchema = z
  .object({
    regexp: rewriteRegexpSchema.exactOptional().describe("Replaces parts of each key."),
    transform: rewriteTransformSchema.exactOptional().describe("Makes each key by a template."),
    merge: rewriteMergeSchema.exactOptional().describe("Merges all values, each of which must be a JSON object."),
  })
  .meta(EXACTLY_ONE_FIELD);
/** One step of a rewrite. */
export type Rewrite = DeepReadonly<z.input<typeof rewriteSchema>>;
