/** `metadata` of a PushSecret's data for Secrets Manager. */
import { InvalidConfiguration } from "../errors.ts";

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

/** Tag that marks what we own; ESO's own, so that what it pushed can be taken over. */
export const OWNERSHIP_TAG = { key: "managed-by", value: "external-secrets" } as const;

const KNOWN_FIELDS = ["secretPushFormat", "description", "kmsKeyId", "kmsKeyID", "tags"];
const LATER_FIELDS = ["resourcePolicy", "replicationLocations"];
const FIELD = "spec.data[].metadata";

/**
 * Reads `{apiVersion, kind: PushSecretMetadata, spec}`; absent is all defaults.
 * @throws InvalidConfiguration for an unknown field or a value of the wrong form.
 */
export function readPushSettings(metadata: unknown): PushSettings {
  const spec = objectOf(
    metadata === undefined || metadata === null ? {} : objectOf(metadata, FIELD).spec,
    `${FIELD}.spec`,
  );
  for (const name of Object.keys(spec)) {
    if (LATER_FIELDS.includes(name)) throw invalid(name, "is not available in this version", "remove it");
    if (!KNOWN_FIELDS.includes(name)) throw invalid(name, "is unknown", `use one of ${KNOWN_FIELDS.join(", ")}`);
  }
  const format = spec.secretPushFormat ?? "binary";
  if (format !== "binary" && format !== "string") {
    throw invalid("secretPushFormat", "is neither binary nor string", "use one of the two");
  }
  const tags = spec.tags === undefined ? undefined : readTags(spec.tags);
  return {
    format,
    description: readText(spec, "description") || `secret '${OWNERSHIP_TAG.key}:${OWNERSHIP_TAG.value}'`,
    kmsKeyId: readText(spec, "kmsKeyId") || readText(spec, "kmsKeyID") || "alias/aws/secretsmanager",
    // Without any, ESO leaves the tags alone.
    tags: tags === undefined || Object.keys(tags).length === 0 ? undefined : tags,
  };
}

function readTags(value: unknown): Readonly<Record<string, string>> {
  const tags: Record<string, string> = {};
  for (const [key, tag] of Object.entries(objectOf(value, `${FIELD}.spec.tags`))) {
    if (key === OWNERSHIP_TAG.key) throw invalid(`tags.${key}`, "is reserved", "remove it");
    if (typeof tag !== "string") throw invalid(`tags.${key}`, "is no string", "write it as a string");
    tags[key] = tag;
  }
  return tags;
}

function readText(spec: Readonly<Record<string, unknown>>, name: string): string {
  const value = spec[name] ?? "";
  if (typeof value !== "string") throw invalid(name, "is no string", "write it as a string");
  return value;
}

function objectOf(value: unknown, field: string): Readonly<Record<string, unknown>> {
  if (value === undefined || value === null) return {};
  if (typeof value !== "object" || Array.isArray(value)) {
    throw new InvalidConfiguration(`${field} is no object`, { field, remedy: "write it as PushSecretMetadata" });
  }
  return value as Readonly<Record<string, unknown>>;
}

function invalid(name: string, defect: string, remedy: string): InvalidConfiguration {
  const field = `${FIELD}.spec.${name}`;
  return new InvalidConfiguration(`${field} ${defect}`, { field, remedy });
}
