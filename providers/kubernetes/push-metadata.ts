/** `PushSecretMetadata.spec` of Kubernetes: labels, annotations and the namespace of what is pushed. */
import type { StoreIdentity } from "../contract.ts";
import { InvalidConfiguration } from "../errors.ts";

type Texts = Readonly<Record<string, string>>;

/** What the metadata of a push says. */
export interface PushSettings {
  readonly labels: Texts;
  readonly annotations: Texts;
  /** Whether they are merged into what is there, put in its place, or left out where the Secret is there already. */
  readonly targetMergePolicy: "Merge" | "Replace" | "Ignore";
  /** In place of the store's. */
  readonly remoteNamespace: string | undefined;
}

/** Labels and annotations of an object. */
export interface ObjectTexts {
  readonly labels: Texts;
  readonly annotations: Texts;
}

/** Label of what we own. */
export const MARK = { key: "managed-by", value: "external-secrets" } as const;

const FIELDS = "labels, annotations, targetMergePolicy, sourceMergePolicy and remoteNamespace";
const DNS_LABEL = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

/** @throws InvalidConfiguration for unknown fields and fields of a wrong form. */
export function readPushSettings(spec: unknown, store: StoreIdentity): PushSettings {
  if (spec === undefined || spec === null) return settingsOf({}, store);
  if (typeof spec !== "object" || Array.isArray(spec)) throw refused("", "must be an object");
  return settingsOf(spec as Readonly<Record<string, unknown>>, store);
}

function settingsOf(spec: Readonly<Record<string, unknown>>, store: StoreIdentity): PushSettings {
  const { labels, annotations, targetMergePolicy, sourceMergePolicy, remoteNamespace, ...unknown } = spec;
  const [surplus] = Object.keys(unknown);
  if (surplus !== undefined) throw refused(`.${surplus}`, "is unknown");
  const policy = targetMergePolicy || "Merge";
  if (policy !== "Merge" && policy !== "Replace" && policy !== "Ignore") {
    throw refused(".targetMergePolicy", "must be Merge, Replace or Ignore");
  }
  // What is pushed comes without the labels of its source, so there is nothing to merge with.
  if (sourceMergePolicy && sourceMergePolicy !== "Replace") {
    throw refused(".sourceMergePolicy", "must be Replace in this version, or left out");
  }
  return {
    labels: textsOf(labels, ".labels"),
    annotations: textsOf(annotations, ".annotations"),
    targetMergePolicy: policy,
    remoteNamespace: namespaceOf(remoteNamespace, store),
  };
}

function namespaceOf(value: unknown, store: StoreIdentity): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value !== "string" || !DNS_LABEL.test(value)) throw refused(".remoteNamespace", "is no namespace's name");
  if (store.kind === "ClusterSecretStore") return value;
  throw new InvalidConfiguration("remoteNamespace override is only supported with ClusterSecretStore", {
    field: "spec.data[].metadata.spec.remoteNamespace",
    remedy: "remove it, or use a ClusterSecretStore",
  });
}

function textsOf(value: unknown, field: string): Texts {
  if (value === undefined || value === null) return {};
  const isMap = typeof value === "object" && !Array.isArray(value);
  if (!isMap || !Object.values(value).every((text) => typeof text === "string")) {
    throw refused(field, "must be a map of strings");
  }
  return value as Texts;
}

function refused(field: string, defect: string): InvalidConfiguration {
  return new InvalidConfiguration(`the metadata of the push is not for Kubernetes: spec${field} ${defect}`, {
    field: `spec.data[].metadata.spec${field}`,
    remedy: `give ${FIELDS} only`,
  });
}

/** The labels and annotations that a Secret should have; `current` is unset where it is not there. Our mark is always in it. */
export function wantedTexts(settings: PushSettings, current: Partial<ObjectTexts> | undefined): ObjectTexts {
  const merge = (wanted: Texts, there: Texts = {}): Texts => {
    if (current !== undefined && settings.targetMergePolicy === "Ignore") return there;
    return settings.targetMergePolicy === "Replace" ? wanted : { ...there, ...wanted };
  };
  return {
    labels: { ...merge(settings.labels, current?.labels), [MARK.key]: MARK.value },
    annotations: merge(settings.annotations, current?.annotations),
  };
}
