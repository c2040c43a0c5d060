/** What must stand in the cluster in the place of a target that is no Secret, and how far what is there differs. */
import { isDeepStrictEqual } from "node:util";
import type { ExternalSecret } from "../../api/external-secret.ts";
import { DATA_HASH_ANNOTATION, MANAGED_LABEL, MANAGED_VALUE } from "../../api/labels.ts";
import { targetNameOf } from "../../engine/desired-secret.ts";
import type { TargetKind } from "../../engine/generic-target.ts";
import { InvalidConfiguration } from "../../providers/errors.ts";
import { isMapping } from "../kube/kubeconfig-files.ts";

type Texts = Readonly<Record<string, string>>;
type Body = Readonly<Record<string, unknown>>;

/** A rendered target, taken apart. */
export interface DesiredTarget {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly labels: Texts;
  readonly annotations: Texts;
  /** `spec`, `data`, and what else templates wrote. */
  readonly body: Body;
  /** Whether the ExternalSecret is its controller owner. */
  readonly owned: boolean;
}

/** All that templates may write into the metadata. */
const METADATA = ["name", "namespace", "labels", "annotations"];

/**
 * Templates may write anywhere into the object; what makes it another object, or ours, they may not.
 * @throws InvalidConfiguration
 */
export function desiredTarget(externalSecret: ExternalSecret, target: TargetKind, rendered: object): DesiredTarget {
  const { apiVersion, kind, metadata, ...body }: Body = { ...rendered };
  const parts = isMapping(metadata) ? metadata : {};
  const identity = { name: targetNameOf(externalSecret), namespace: externalSecret.metadata.namespace ?? "" };
  const expected = { ...target, ...identity };
  const { name, namespace, labels = {}, annotations = {} } = parts;
  if (!isDeepStrictEqual({ apiVersion, kind, name, namespace }, { ...expected })) {
    throw forbidden("a template writes apiVersion, kind, metadata.name or metadata.namespace of the target");
  }
  const other = Object.keys(parts).find((field) => !METADATA.includes(field));
  if (other !== undefined) throw forbidden(`a template writes metadata.${other} of the target`);
  if (!isTexts(labels) || !isTexts(annotations) || labels[MANAGED_LABEL] !== MANAGED_VALUE) {
    throw forbidden("a template makes metadata.labels or metadata.annotations of the target unusable");
  }
  const owned = (externalSecret.spec.target?.creationPolicy ?? "Owner") === "Owner";
  return { kind: target.kind, ...identity, labels, annotations, body: withoutEmptySpec(body), owned };
}

/** Kinds without a spec have none, even an empty one. */
function withoutEmptySpec({ spec, ...others }: Body): Body {
  const isEmpty = isMapping(spec) && Object.keys(spec).length === 0;
  return spec === undefined || (isEmpty && Object.keys(others).length > 0) ? others : { ...others, spec };
}

function isTexts(value: unknown): value is Texts {
  return isMapping(value) && Object.values(value).every((text) => typeof text === "string");
}

function forbidden(message: string): InvalidConfiguration {
  return new InvalidConfiguration(`spec.target.template: ${message}`, {
    field: "spec.target.template",
    remedy: "have templateFrom[].target name another path",
  });
}

/** Whether all of `desired` is in `live`: what the API server and others added does not count, but in arrays. */
export function holds(live: unknown, desired: unknown): boolean {
  if (desired === null || desired === undefined) return live === null || live === undefined;
  if (Array.isArray(desired)) {
    return Array.isArray(live) && live.length === desired.length && desired.every((item, at) => holds(live[at], item));
  }
  if (!isMapping(desired)) return live === desired;
  return isMapping(live) && Object.entries(desired).every(([key, value]) => holds(live[key], value));
}

/** Whether the annotation says that the same content was written last: only then nothing of an earlier content is left. */
export function hasSameHash(annotations: Texts | undefined, desired: DesiredTarget): boolean {
  return annotations?.[DATA_HASH_ANNOTATION] === desired.annotations[DATA_HASH_ANNOTATION];
}
