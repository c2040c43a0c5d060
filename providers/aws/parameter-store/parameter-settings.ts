/** `metadata` of a PushSecret's data for Parameter Store. */
import { invalidField, metadataSpec, objectOf, readChoice, readTags, readText } from "../metadata-fields.ts";
import { OWNERSHIP_TAG } from "../ownership-tag.ts";

/** How a pushed parameter is to be kept. */
export interface ParameterSettings {
  /** Unset: `String` (ESO's default) for a new parameter, as it is for one that is there. */
  readonly type: "String" | "StringList" | "SecureString" | undefined;
  readonly description: string;
  /** Key id, ARN or alias for a SecureString; the default is AWS's own key for Parameter Store. */
  readonly kmsKeyId: string;
  /** Unset: the account's default. */
  readonly tier: "Standard" | "Advanced" | "Intelligent-Tiering" | undefined;
  /** JSON text of the parameter's policies; unset: none. */
  readonly policies: string | undefined;
  /** Unset: tags are left as they are. The ownership mark is not among them. */
  readonly tags: Readonly<Record<string, string>> | undefined;
}

const FIELDS = ["secretType", "kmsKeyID", "tier", "tags", "description", "encodeAsDecoded"] as const;

/**
 * Reads `PushSecretMetadata.spec`; absent is all defaults.
 * @throws InvalidConfiguration for an unknown field or a value of the wrong form.
 */
export function readParameterSettings(metadata: unknown): ParameterSettings {
  const spec = metadataSpec(metadata, FIELDS);
  if (spec.encodeAsDecoded)
    throw invalidField("encodeAsDecoded", "has no place here", "remove it: what is pushed is stored as it is");
  const tier = objectOf(spec.tier, "spec.data[].metadata.spec.tier");
  for (const name of Object.keys(tier)) {
    if (!["type", "policies"].includes(name)) throw invalidField(`tier.${name}`, "is unknown", "use type or policies");
  }
  const tierType = readChoice(tier, "type", ["", "Standard", "Advanced", "Intelligent-Tiering"]) || undefined;
  if (tier.policies !== undefined && tierType !== "Advanced") {
    throw invalidField("tier.policies", "needs an advanced parameter", "set tier.type to Advanced");
  }
  return {
    type: readChoice(spec, "secretType", ["", "String", "SecureString", "StringList"]) || undefined,
    description: readText(spec, "description") || `secret '${OWNERSHIP_TAG.key}:${OWNERSHIP_TAG.value}'`,
    kmsKeyId: readText(spec, "kmsKeyID") || "alias/aws/ssm",
    tier: tierType,
    policies: tier.policies === undefined ? undefined : JSON.stringify(tier.policies),
    tags: readTags(spec.tags),
  };
}
