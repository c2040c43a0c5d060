/** `PushSecretMetadata.spec` of Azure Key Vault: expiry, content type and tags of what is pushed. */
import { InvalidConfiguration } from "../errors.ts";
import type { ObjectKind } from "./object-key.ts";

/** How a pushed object is to be kept. */
export interface PushSettings {
  /** Seconds since the epoch; unset: it does not expire. Secrets only. */
  readonly expires: number | undefined;
  /** Unset: as it is. Secrets only. */
  readonly contentType: string | undefined;
  /** Unset: as they are. The ownership mark is not among them. */
  readonly tags: Readonly<Record<string, string>> | undefined;
}

/** Tag that marks what we own; ESO's own, so that what it pushed can be taken over. */
export const MARK = { key: "managed-by", value: "external-secrets" } as const;

const FIELD = "spec.data[].metadata.spec";
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * Reads the metadata's `spec`; absent is all defaults.
 * @throws InvalidConfiguration for an unknown field, a value of the wrong form, or one that the kind of object cannot have.
 */
export function readPushSettings(spec: unknown, kind: ObjectKind): PushSettings {
  const { expirationDate, contentType, tags, ...unknown } = objectOf(spec, FIELD);
  const [surplus] = Object.keys(unknown);
  if (surplus !== undefined) throw invalid(surplus, "is unknown", "use expirationDate, contentType and tags only");
  for (const [name, value] of Object.entries({ expirationDate, contentType })) {
    if (value && kind !== "secrets") throw invalid(name, "is for secrets only", "remove it");
  }
  if (contentType !== undefined && typeof contentType !== "string")
    throw invalid("contentType", "is no string", "write it as one");
  return { expires: expiryOf(expirationDate), contentType: contentType || undefined, tags: tagsOf(tags) };
}

function expiryOf(date: unknown): number | undefined {
  if (date === undefined || date === null || date === "") return undefined;
  const ms = typeof date === "string" && RFC3339.test(date) ? Date.parse(date) : Number.NaN;
  if (Number.isNaN(ms)) throw invalid("expirationDate", "is no time", "write it as 2030-12-31T20:00:00Z");
  return Math.floor(ms / 1_000);
}

function tagsOf(value: unknown): Readonly<Record<string, string>> | undefined {
  if (value === undefined || value === null) return undefined;
  const tags = Object.entries(objectOf(value, `${FIELD}.tags`));
  for (const [name, tag] of tags) {
    if (name === MARK.key) throw invalid(`tags.${name}`, "is reserved", "remove it");
    if (typeof tag !== "string") throw invalid(`tags.${name}`, "is no string", "write it as one");
  }
  return Object.fromEntries(tags) as Readonly<Record<string, string>>;
}

/** The tags that the object should have. */
export function wantedTags(
  { tags }: PushSettings,
  current: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  return { ...(tags ?? current), [MARK.key]: MARK.value };
}

/** Whether a pushed object carries our mark. */
export function isOurs({ tags }: { readonly tags?: Readonly<Record<string, string>> }): boolean {
  return tags?.[MARK.key] === MARK.value;
}

function objectOf(value: unknown, field: string): Readonly<Record<string, unknown>> {
  if (value === undefined || value === null) return {};
  if (typeof value === "object" && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  throw new InvalidConfiguration(`${field} is no object`, { field, remedy: "write it as PushSecretMetadata" });
}

function invalid(name: string, defect: string, remedy: string): InvalidConfiguration {
  const field = `${FIELD}.${name}`;
  return new InvalidConfiguration(`${field} ${defect}`, { field, remedy });
}
