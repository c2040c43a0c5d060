/** `metadata` of a PushSecret's data for Secrets Manager. */
import { metadataSpec, readChoice, readTags, readText } from "./metadata-fields.ts";
import { OWNERSHIP_TAG } from "./ownership-tag.ts";

/** How a pushed secret is to be kept. */
export interface PushSettings {
  /** Whether the value is stored as SecretBinary (ESO's default) or SecretString. */
  readonly format: "binary" | "string";
  readonly description: string;
  /** Key id, ARN or alias; the default is AWS's own key for Secrets Manager. */
  readonly kmsKeyId: string;
  /** Unset: tags are left as they are. The ownership mark is not among them. */
  readonly tags: Readonly<Record<string, string>> | undefined;
}

const FIELDS = {
  known: ["secretPushFormat", "description", "kmsKeyId", "kmsKeyID", "tags"],
  later: ["resourcePolicy", "replicationLocations"],
};

/**
 * Reads `PushSecretMetadata.spec`; absent is all defaults.
 * @throws InvalidConfiguration for an unknown field or a value of the wrong form.
 */
export function readPushSettings(metadata: unknown): PushSettings {
  const spec = metadataSpec(metadata, FIELDS);
  return {
    format: readChoice(spec, "secretPushFormat", ["binary", "string"]),
    description: readText(spec, "description") || `secret '${OWNERSHIP_TAG.key}:${OWNERSHIP_TAG.value}'`,
    kmsKeyId: readText(spec, "kmsKeyId") || readText(spec, "kmsKeyID") || "alias/aws/secretsmanager",
    tags: readTags(spec.tags),
  };
}
