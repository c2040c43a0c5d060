/** How the Secret is rendered from the values. */
import * as z from "zod";
import type { DeepReadonly } from "./deep-readonly.ts";
import { decodingStrategy } from "./external-secret-data.ts";
import { TEMPLATE_RULES } from "./external-secret-rules.ts";
import { dataKey, dnsSubdomain, stringMap } from "./formats.ts";
import { celRules } from "./schema-extensions.ts";

const templateItemsSchema = z
  .array(
    z.object({
      key: dataKey.describe("Key in the object's data."),
      templateAs: z
        .enum(["Values", "KeysAndValues"])
        .default("Values")
        .describe(
          "Values renders the text as the value of this key; KeysAndValues renders it as YAML of keys and values.",
        ),
    }),
  )
  .describe("Keys that hold templates.");

const templateRefSchema = z.object({
  name: dnsSubdomain.describe("Name of the object, in the namespace of the ExternalSecret."),
  items: templateItemsSchema,
});

/** A source of templates. */
export const templateFromSchema = z.object({
  target: z
    .string()
    .max(1_024)
    .default("Data")
    .describe(
      "What the result becomes: Data, Annotations or Labels of a Secret; of another kind of target, a path such as spec.config.",
    ),
  configMap: templateRefSchema.exactOptional().describe("Templates in a ConfigMap."),
  secret: templateRefSchema.exactOptional().describe("Templates in a Secret."),
  literal: z.string().exactOptional().describe("A template that gives YAML of keys and values."),
  valuesDecodingStrategy: decodingStrategy.describe("How the rendered values are decoded. Default: None."),
});
/** A source of templates. */
export type TemplateFrom = DeepReadonly<z.input<typeof templateFromSchema>>;

const templateMetadataSchema = z.object({
  annotations: stringMap.exactOptional().describe("Annotations; values are templates."),
  labels: stringMap.exactOptional().describe("Labels; values are templates."),
  finalizers: z.array(z.string()).exactOptional().describe("Finalizers of the Secret."),
});

/** How the Secret is rendered from the values. */
export const externalSecretTemplateSchema = z
  .object({
    type: z.string().exactOptional().describe("Type of the Secret. Default: Opaque."),
    engineVersion: z.enum(["v2"]).default("v2").describe("Version of the template engine."),
    mergePolicy: z
      .enum(["Replace", "Merge"])
      .default("Replace")
      .describe("Whether the values of the backend are kept beside the rendered ones (Merge) or not (Replace)."),
    metadata: templateMetadataSchema
      .exactOptional()
      .describe("Metadata of the Secret. Default: that of the ExternalSecret."),
    data: stringMap.exactOptional().describe("Templates by the Secret's key. They win over templateFrom."),
    templateFrom: z
      .array(templateFromSchema)
      .max(1_000)
      .exactOptional()
      .describe("Templates from elsewhere, in order; later ones win."),
  })
  .meta(celRules(...TEMPLATE_RULES));
/** How the Secret is rendered from the values. */
export type ExternalSecretTemplate = DeepReadonly<z.input<typeof externalSecretTemplateSchema>>;
