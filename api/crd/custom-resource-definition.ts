/** Makes a CustomResourceDefinition of a kind from its schema and its columns. Pure. */
import type * as z from "zod";
import { COMPONENT_CONTROLLER, COMPONENT_LABEL } from "../labels.ts";
import { SERVED_VERSIONS, type ServedVersion, STORED_VERSION } from "../resource-types.ts";
import { type StructuralSchema, structuralSchema, undescribed } from "./structural-schema.ts";

/** A column of `kubectl get`. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: "string" | "date";
  readonly jsonPath: string;
}

/** What the CRD of a kind is made from. */
export interface KindDefinition {
  readonly resource: {
    readonly group: string;
    readonly kind: string;
    readonly plural: string;
    readonly namespaced: boolean;
  };
  readonly shortNames: readonly string[];
  readonly description: string;
  /** Schema of the whole manifest; its `apiVersion`, `kind` and `metadata` are the API server's business. */
  readonly schema: z.ZodType;
  readonly columns: readonly PrinterColumn[];
  /**
   * Versions whose fields have descriptions; in large kinds the stored one only, for they are a third of the size.
   * Must be `all` where there are selectable fields: the API server refuses equal ones in versions whose schemas differ.
   */
  readonly describedVersions: "all" | "stored";
  /** JSON paths that field selectors may name. */
  readonly selectableFields: readonly string[];
}

/** One version in a CustomResourceDefinition. */
export interface CrdVersion {
  readonly name: ServedVersion;
  readonly served: boolean;
  readonly storage: boolean;
  readonly additionalPrinterColumns: readonly PrinterColumn[];
  readonly selectableFields?: readonly { readonly jsonPath: string }[];
  readonly schema: { readonly openAPIV3Schema: StructuralSchema };
  readonly subresources: { readonly status: Readonly<Record<string, never>> };
}

/** A CustomResourceDefinition of `apiextensions.k8s.io/v1`, as far as it is written here. */
export interface CustomResourceDefinition {
  readonly apiVersion: "apiextensions.k8s.io/v1";
  readonly kind: "CustomResourceDefinition";
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: {
    readonly group: string;
    readonly names: {
      readonly kind: string;
      readonly listKind: string;
      readonly plural: string;
      readonly singular: string;
      readonly shortNames: readonly string[];
      readonly categories: readonly string[];
    };
    readonly scope: "Namespaced" | "Cluster";
    readonly conversion: { readonly strategy: "None" };
    readonly versions: readonly CrdVersion[];
  };
}

/** `kubectl get external-secrets` shows all kinds of this category. */
const CATEGORY = "external-secrets";

/** The CRD of a kind: every served version with the same schema, so that none needs a conversion. */
export function customResourceDefinition(definition: KindDefinition): CustomResourceDefinition {
  const { group, kind, plural, namespaced } = definition.resource;
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}`, labels: { [COMPONENT_LABEL]: COMPONENT_CONTROLLER } },
    spec: {
      group,
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular: kind.toLowerCase(),
        shortNames: definition.shortNames,
        categories: [CATEGORY],
      },
      scope: namespaced ? "Namespaced" : "Cluster",
      conversion: { strategy: "None" },
      versions: SERVED_VERSIONS.map((version) => crdVersion(version, definition)),
    },
  };
}

function crdVersion(name: ServedVersion, definition: KindDefinition): CrdVersion {
  const isDescribed = name === STORED_VERSION || definition.describedVersions === "all";
  return {
    name,
    served: true,
    storage: name === STORED_VERSION,
    additionalPrinterColumns: definition.columns,
    ...(definition.selectableFields.length > 0
      ? { selectableFields: definition.selectableFields.map((jsonPath) => ({ jsonPath })) }
      : {}),
    schema: { openAPIV3Schema: isDescribed ? rootSchema(definition) : undescribed(rootSchema(definition)) },
    subresources: { status: {} },
  };
}

/** The API server refuses anything but a bare type for the three fields that are its own, and fills them itself. */
function rootSchema({ schema, description }: KindDefinition): StructuralSchema {
  const { required: _, properties, ...rest } = structuralSchema(schema);
  return {
    description,
    ...rest,
    properties: {
      ...(properties as StructuralSchema),
      apiVersion: { type: "string" },
      kind: { type: "string" },
      metadata: { type: "object" },
    },
  };
}
