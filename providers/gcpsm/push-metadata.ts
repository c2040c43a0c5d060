/** `PushSecretMetadata` of Google Secret Manager: labels, annotations, topics and where replicas are kept. */
import { InvalidConfiguration } from "../errors.ts";
import { objectOf } from "./google-failure.ts";

type Texts = Readonly<Record<string, string>>;

export interface PushSettings {
  readonly labels: Texts;
  readonly annotations: Texts;
  /** Whether labels that are there stay. Default: they are replaced. */
  readonly mergesLabels: boolean;
  /** Full names of Pub/Sub topics. */
  readonly topics: readonly string[];
  /** Full name of a key of Cloud KMS. */
  readonly kmsKeyName: string | undefined;
  /** Empty: Google chooses. */
  readonly replicationLocations: readonly string[];
}

/** Label that marks what we own; ESO's own, so that what it pushed can be taken over. */
export const OWNERSHIP_LABEL = { key: "managed-by", value: "external-secrets" } as const;

const FIELD = "spec.data[].metadata.spec";
const KNOWN = [
  "annotations",
  "labels",
  "topics",
  "mergePolicy",
  "cmekKeyName",
  "replicationLocation",
  "replicationLocations",
];

/**
 * Reads `PushSecretMetadata.spec`; undefined where there is none.
 * @throws InvalidConfiguration for an unknown field or a value of the wrong form.
 */
export function readPushSettings(metadata: unknown): PushSettings | undefined {
  if (metadata === undefined || metadata === null) return undefined;
  const spec = objectOf(metadata);
  if (spec === undefined) throw invalid("", "is no object", "write it as PushSecretMetadata");
  for (const name of Object.keys(spec)) {
    if (!KNOWN.includes(name)) throw invalid(`.${name}`, "is unknown", `use one of ${KNOWN.join(", ")}`);
  }
  const policy = spec.mergePolicy || "Replace";
  if (policy !== "Replace" && policy !== "Merge") {
    throw invalid(".mergePolicy", "is neither Replace nor Merge", "use one of the two");
  }
  const locations = listOf(spec, "replicationLocations");
  const single = textOf(spec, "replicationLocation");
  return {
    labels: textsOf(spec, "labels"),
    annotations: textsOf(spec, "annotations"),
    mergesLabels: policy === "Merge",
    topics: listOf(spec, "topics"),
    kmsKeyName: textOf(spec, "cmekKeyName"),
    replicationLocations: locations.length === 0 && single !== undefined ? [single] : locations,
  };
}

function textsOf(spec: Readonly<Record<string, unknown>>, name: string): Texts {
  const texts = objectOf(spec[name] ?? {});
  if (texts !== undefined && Object.values(texts).every((text) => typeof text === "string")) return texts as Texts;
  throw invalid(`.${name}`, "is no map of strings", "write it as one");
}

function listOf(spec: Readonly<Record<string, unknown>>, name: string): readonly string[] {
  const list = spec[name] ?? [];
  if (Array.isArray(list) && list.every((item): item is string => typeof item === "string")) return list;
  throw invalid(`.${name}`, "is no list of strings", "write it as one");
}

function textOf(spec: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = spec[name] ?? "";
  if (typeof value === "string") return value === "" ? undefined : value;
  throw invalid(`.${name}`, "is no string", "write it as one");
}

function invalid(name: string, defect: string, remedy: string): InvalidConfiguration {
  const field = `${FIELD}${name}`;
  return new InvalidConfiguration(`${field} ${defect}`, { field, remedy });
}
