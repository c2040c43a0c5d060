/** What all parts of the operator share: names, labels and the namespace. */
import { type CustomResourceOptions, type Input, output } from "@pulumi/pulumi";
import { definedFields } from "./defined-fields.ts";

/** Labels or annotations. */
export type StringMap = Input<Record<string, Input<string>>>;

/** Handed to each part. */
export interface OperatorParts {
  /** Pulumi's name of the operator; names of its children begin with it, so that they follow its aliases. */
  readonly name: string;
  /** What Kubernetes' names begin with. */
  readonly fullname: string;
  readonly namespace: Input<string>;
  readonly commonLabels: StringMap | undefined;
  readonly child: CustomResourceOptions;
}

/** The name without an override. */
export const DEFAULT_FULLNAME = "external-secrets";

/** The labels that select the controller's Pods. They never change, as a Deployment's selector must not. */
export function selectorLabels(fullname: string): Record<string, string> {
  return {
    "app.kubernetes.io/name": "external-secrets",
    "app.kubernetes.io/instance": fullname,
    "app.kubernetes.io/component": "controller",
  };
}

interface MetadataOptions {
  /** Unset: the object is cluster-wide. */
  readonly namespace?: Input<string> | undefined;
  readonly labels?: StringMap | undefined;
  readonly annotations?: StringMap | undefined;
}

interface Metadata {
  readonly name: string;
  readonly namespace?: Input<string>;
  readonly labels: StringMap;
  readonly annotations?: StringMap;
}

/** Metadata of an object named `<fullname>-<suffix>`, or `<fullname>` where the suffix is empty, with the labels of all. */
export function metadataOf(parts: OperatorParts, suffix: string, options: MetadataOptions = {}): Metadata {
  const { namespace, labels, annotations } = options;
  const name = suffix === "" ? parts.fullname : `${parts.fullname}-${suffix}`;
  return definedFields<Metadata>({ name, namespace, labels: objectLabels(parts, labels), annotations });
}

function objectLabels({ fullname, commonLabels }: OperatorParts, more: StringMap | undefined): StringMap {
  const own = { ...selectorLabels(fullname), "app.kubernetes.io/managed-by": "pulumi" };
  return mergedMap(commonLabels, more, own);
}

/** All in one; a later map wins. Plain where there is only one. */
export function mergedMap(...maps: readonly (StringMap | undefined)[]): StringMap {
  const given = maps.filter((map) => map !== undefined);
  if (given.length === 1 && given[0] !== undefined) return given[0];
  return output(given).apply((resolved) => Object.assign({}, ...resolved));
}

/** Whether a part is wanted: it is described, and not switched off. */
export function isWanted<T extends { readonly enabled?: boolean }>(section: T | undefined): section is T {
  return section !== undefined && section.enabled !== false;
}
