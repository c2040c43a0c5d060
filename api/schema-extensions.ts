/** What a CRD says beyond JSON Schema, put on a zod schema with `.meta()` and read by the CRD generator. */

/** A rule in CEL that the API server evaluates at each write. */
export interface CelRule {
  /** True where the object is accepted; `self` is the value that the rule stands on. */
  readonly rule: string;
  /** One line. Shown where `messageExpression` gives nothing. */
  readonly message: string;
  /** CEL that gives the message, where it has a value in it. */
  readonly messageExpression?: string;
  /** The field that the error names, below that of the rule. Default: the rule's own. */
  readonly fieldPath?: string;
}

/** Keys of `.meta()` that the generator carries into the CRD. A type alias, for an interface would not fit zod's index signature. */
export type SchemaExtensions = {
  readonly "x-kubernetes-validations"?: readonly CelRule[];
  readonly "x-kubernetes-int-or-string"?: true;
  readonly "x-kubernetes-list-type"?: "atomic" | "set" | "map";
  readonly minProperties?: number;
  readonly maxProperties?: number;
};

/** `.meta()` argument that puts rules on a schema. */
export function celRules(...rules: readonly CelRule[]): SchemaExtensions {
  return { "x-kubernetes-validations": rules };
}

/** `.meta()` argument of an object that has exactly one of its fields. */
export const EXACTLY_ONE_FIELD: SchemaExtensions = { minProperties: 1, maxProperties: 1 };

/** `.meta()` argument of a field that the CRD lists as required although its default makes it always there, as ESO's does. */
export const REQUIRED_DESPITE_DEFAULT = { requiredDespiteDefault: true } as const;
