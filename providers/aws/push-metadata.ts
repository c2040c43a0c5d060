/** `metadata` of a PushSecret's data for Secrets Manager. */

import { REGION } from "./check-spec.ts";
import {
  invalidField,
  METADATA_FIELD,
  metadataSpec,
  objectOf,
  readChoice,
  readTags,
  readText,
} from "./metadata-fields.ts";
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
  /** Regions that have a replica; unset: as they are. */
  readonly replicationLocations: readonly string[] | undefined;
  /** Unset: as it is. */
  readonly policy: PolicySettings | undefined;
}

/** Where the resource policy stands, in the namespace of what is pushed. */
export interface PolicySettings {
  readonly source: { readonly kind: "ConfigMap" | "Secret"; readonly name: string; readonly key: string };
  /** Whether AWS refuses a policy that lets everybody in. Unset: AWS's default. */
  readonly blocksPublic: boolean | undefined;
}

const FIELDS = [
  "secretPushFormat",
  "description",
  "kmsKeyId",
  "kmsKeyID",
  "tags",
  "resourcePolicy",
  "replicationLocations",
] as const;

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
    replicationLocations: readRegions(spec.replicationLocations),
    policy: readPolicy(spec.resourcePolicy),
  };
}

function readRegions(value: unknown): readonly string[] | undefined {
  if (value === undefined || value === null) return undefined;
  const isRegion = (each: unknown): each is string => typeof each === "string" && REGION.test(each);
  if (Array.isArray(value) && value.every(isRegion)) return [...new Set(value)];
  throw invalidField("replicationLocations", "is no list of AWS regions", "write it as [eu-west-1]");
}

function readPolicy(value: unknown): PolicySettings | undefined {
  if (value === undefined || value === null) return undefined;
  const name = "resourcePolicy";
  const { blockPublicPolicy, policySourceRef } = objectOf(value, `${METADATA_FIELD}.${name}`);
  if (blockPublicPolicy !== undefined && typeof blockPublicPolicy !== "boolean") {
    throw invalidField(`${name}.blockPublicPolicy`, "is no boolean", "write true or false");
  }
  const ref = objectOf(policySourceRef, `${METADATA_FIELD}.${name}.policySourceRef`);
  const source = {
    kind: readChoice(ref, "kind", ["ConfigMap", "Secret"]),
    name: readText(ref, "name"),
    key: readText(ref, "key"),
  };
  if (source.name === "" || source.key === "") {
    throw invalidField(`${name}.policySourceRef`, "is incomplete", "set kind (ConfigMap or Secret), name and key");
  }
  return { source, blocksPublic: blockPublicPolicy };
}
