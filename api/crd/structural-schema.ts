/** Makes the structural OpenAPI v3 schema of a CRD from a zod schema. Pure. */
import * as z from "zod";

/** A schema node as a CRD writes it. */
export type StructuralSchema = { readonly [keyword: string]: unknown };

/** What zod gives of a schema, extensions of `.meta()` included. */
type JsonSchema = { readonly [keyword: string]: unknown };

/** Keywords that mean the same in zod's OpenAPI 3.0 and in a CRD. */
const SHARED_KEYWORDS = new Set([
  "description",
  "type",
  "format",
  "pattern",
  "minLength",
  "maxLength",
  "minimum",
  "maximum",
  "minItems",
  "maxItems",
  "minProperties",
  "maxProperties",
  "enum",
  "default",
  "nullable",
]);

/** Keywords that are read together with `properties`. */
const DROPPED_KEYWORDS = new Set(["required", "requiredDespiteDefault"]);

/**
 * The schema that an object must have as it is written, before defaults are put in.
 * @throws Error naming the path where the zod schema has a part that a structural schema cannot say.
 */
export function structuralSchema(schema: z.ZodType): StructuralSchema {
  return convert(z.toJSONSchema(schema, { io: "input", target: "openapi-3.0", reused: "inline" }), "");
}

/** The same schema without descriptions, at all depths. Constraints stay. */
export function undescribed(schema: StructuralSchema): StructuralSchema {
  const { description: _, items, properties, additionalProperties, ...rest } = schema;
  return {
    ...rest,
    ...(items === undefined ? {} : { items: undescribed(asNode(items)) }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: undescribed(asNode(additionalProperties)) }),
    ...(properties === undefined ? {} : { properties: undescribedProperties(asNode(properties)) }),
  };
}

function undescribedProperties(properties: StructuralSchema): StructuralSchema {
  return Object.fromEntries(Object.entries(properties).map(([name, child]) => [name, undescribed(asNode(child))]));
}

function convert(node: JsonSchema, path: string): StructuralSchema {
  if (node["x-kubernetes-int-or-string"] === true) return intOrString(node);
  const result: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(node)) {
    if (DROPPED_KEYWORDS.has(keyword) || isSafeIntegerBound(keyword, value)) continue;
    if (SHARED_KEYWORDS.has(keyword) || keyword.startsWith("x-kubernetes-")) result[keyword] = value;
    else Object.assign(result, convertChildren(node, keyword, path));
  }
  return result;
}

function convertChildren(node: JsonSchema, keyword: string, path: string): StructuralSchema {
  switch (keyword) {
    case "properties":
      return convertProperties(node, path);
    case "items":
      return { items: convert(asNode(node.items), `${path}[]`) };
    case "additionalProperties":
      return { additionalProperties: convert(asNode(node.additionalProperties), `${path}.*`) };
    default:
      throw new Error(`${path || "the root"}: the schema says ${keyword}, which a structural schema cannot`);
  }
}

function convertProperties(node: JsonSchema, path: string): StructuralSchema {
  const children = Object.entries(asNode(node.properties)).map(([name, child]) => [name, asNode(child)] as const);
  const listed = new Set(Array.isArray(node.required) ? node.required : []);
  const required = children
    .filter(([name, child]) => listed.has(name) || child.requiredDespiteDefault === true)
    .map(([name]) => name);
  return {
    ...(required.length > 0 ? { required } : {}),
    properties: Object.fromEntries(children.map(([name, child]) => [name, convert(child, `${path}.${name}`)])),
  };
}

/** Kubernetes' integer or string; `anyOf` in just this form is what its tools expect beside the extension. */
function intOrString(node: JsonSchema): StructuralSchema {
  const { anyOf: _, ...rest } = node;
  return { ...rest, anyOf: [{ type: "integer" }, { type: "string" }] };
}

/** The bounds that zod's `int()` brings are those of JavaScript, not of the API. */
function isSafeIntegerBound(keyword: string, value: unknown): boolean {
  return (
    (keyword === "minimum" && value === Number.MIN_SAFE_INTEGER) ||
    (keyword === "maximum" && value === Number.MAX_SAFE_INTEGER)
  );
}

function asNode(value: unknown): JsonSchema {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error("a JSON Schema node is no object");
  }
  return { ...value };
}
