/** What an ExternalSecret takes from its sources: single values (`data`) and whole maps (`dataFrom`). */
import * as z from "zod";
import type { DeepReadonly } from "./deep-readonly.ts";
import { rewriteSchema } from "./external-secret-rewrite.ts";
import { DATA_FROM_RULES } from "./external-secret-rules.ts";
import { sourceRefSchema } from "./external-secret-source.ts";
import { dataKey, stringMap } from "./formats.ts";
import { celRules } from "./schema-extensions.ts";

/** How names that are no valid keys of a Secret are changed. */
export const conversionStrategy = z
  .enum(["Default", "Unicode"])
  .exactOptional()
  .describe(
    "How characters that a Secret's key may not have are replaced: by `_` (Default) or by `_U<hex>_` (Unicode).",
  );

/** How values are decoded. */
export const decodingStrategy = z
  .enum(["Auto", "Base64", "Base64URL", "None"])
  .exactOptional()
  .describe(
    "How values are decoded. Auto tries Base64, then Base64URL, and else takes the value as it is. Default: None.",
  );

/** What happens with values that hold a NUL byte. */
export const nullBytePolicy = z
  .enum(["Ignore", "Fail"])
  .exactOptional()
  .describe("What a NUL byte in a value does: nothing (Ignore) or an error (Fail). Default: Ignore.");

const remoteRefShape = {
  key: z.string().describe("Name of the secret in the backend."),
  property: z
    .string()
    .exactOptional()
    .describe("Property inside the value: a literal key first, then a gjson path. Default: the whole value."),
  version: z
    .string()
    .exactOptional()
    .describe("Version or stage of the secret, in the backend's own notation. Default: the current one."),
  metadataPolicy: z
    .enum(["None", "Fetch"])
    .exactOptional()
    .describe("Fetch takes the secret's tags or labels as JSON in place of its value. Default: None."),
  conversionStrategy,
  decodingStrategy,
  nullBytePolicy,
};

/** A reference to a secret in a backend. */
export const remoteRefSchema = z.object(remoteRefShape);
/** A reference to a secret in a backend. */
export type ExternalSecretRemoteRef = DeepReadonly<z.input<typeof remoteRefSchema>>;

/** One key of the Secret, from one value of the backend. */
export const externalSecretDataSchema = z.object({
  secretKey: dataKey.describe("Key in the Secret, up to 253 characters of letters, digits, `-`, `.` and `_`."),
  remoteRef: remoteRefSchema.describe("Where the value is in the backend."),
  sourceRef: sourceRefSchema.exactOptional().describe("A store for this item alone. Default: spec.secretStoreRef."),
  optional: z
    .boolean()
    .exactOptional()
    .describe(
      "Whether the rest is written when the backend has no such key or property. ESO ignores this field. Default: false.",
    ),
  default: z
    .string()
    .exactOptional()
    .describe(
      "Value when the backend has no such key or property; everyone who reads the manifest sees it. ESO ignores this field. Default: none.",
    ),
});
/** One key of the Secret, from one value of the backend. */
export type ExternalSecretData = DeepReadonly<z.input<typeof externalSecretDataSchema>>;

/** A search for secrets by name or tags; given conditions are ANDed. */
export const findSchema = z.object({
  path: z.string().exactOptional().describe("Root below which is searched, where the backend has paths."),
  name: z
    .object({ regexp: z.string().exactOptional().describe("Regular expression (RE2), not anchored.") })
    .exactOptional()
    .describe("Finds secrets by their name."),
  tags: stringMap.exactOptional().describe("Finds secrets that have all of these tags."),
  conversionStrategy,
  decodingStrategy,
  nullBytePolicy,
});
/** A search for secrets by name or tags. */
export type ExternalSecretFind = DeepReadonly<z.input<typeof findSchema>>;

/** Many keys of the Secret from one source. */
export const externalSecretDataFromSchema = z
  .object({
    extract: remoteRefSchema.exactOptional().describe("Takes every top-level field of one JSON value as a key."),
    find: findSchema.exactOptional().describe("Takes every secret that is found as a key."),
    rewrite: z.array(rewriteSchema).exactOptional().describe("Changes the keys, step by step. Default: none."),
    sourceRef: sourceRefSchema
      .exactOptional()
      .describe("A store or generator for this item alone. Default: spec.secretStoreRef."),
    optional: z
      .boolean()
      .exactOptional()
      .describe(
        "Whether the rest is written when the backend has no such key or property. ESO ignores this field. Default: false.",
      ),
  })
  .meta(celRules(...DATA_FROM_RULES));
/** Many keys of the Secret from one source. */
export type ExternalSecretDataFrom = DeepReadonly<z.input<typeof externalSecretDataFromSchema>>;
