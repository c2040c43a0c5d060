/** From the schemas of the API to the types of a Pulumi schema, which names each object. Pure. */
import type { StructuralSchema } from "../../api/crd/structural-schema.ts";

/** A type as a Pulumi schema writes it, with its description. */
export type TypeSpec = Readonly<Record<string, unknown>>;

const ANY = { $ref: "pulumi.json#/Any" };
const PRIMITIVES: readonly unknown[] = ["string", "boolean", "integer", "number"];

/** Collects named object types; a name stands for the path that it was found at. */
export class SchemaTypes {
  readonly #module: string;
  readonly #types = new Map<string, TypeSpec>();

  /** @param module of the tokens: `external-secrets:index`. */
  constructor(module: string) {
    this.#module = module;
  }

  /** All types so far, by token. */
  get types(): Readonly<Record<string, TypeSpec>> {
    return Object.fromEntries([...this.#types].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** The type of a schema node; objects get the name, and their members' objects get longer ones. */
  typeOf(node: StructuralSchema, name: string): TypeSpec {
    if (node["x-kubernetes-int-or-string"] === true) return { oneOf: [{ type: "string" }, { type: "integer" }] };
    if (PRIMITIVES.includes(node.type)) return { type: node.type };
    if (node.type === "array") return { type: "array", items: this.typeOf(asNode(node.items), `${name}Item`) };
    if (node.type !== "object") return ANY;
    if (node.properties !== undefined)
      return this.object(name, asNode(node.properties), requiredOf(node), textOf(node));
    const values = node.additionalProperties === undefined ? ANY : this.typeOf(asNode(node.additionalProperties), name);
    return { type: "object", additionalProperties: values };
  }

  /** Adds an object type of these properties. */
  object(name: string, properties: StructuralSchema, required: readonly string[] = [], description = ""): TypeSpec {
    const members = Object.entries(properties).map(([key, child]) => [
      key,
      this.property(asNode(child), name + pascal(key)),
    ]);
    return this.named(name, Object.fromEntries(members), required, description);
  }

  /** Adds an object type whose properties are in Pulumi's own form. */
  named(
    name: string,
    properties: Readonly<Record<string, TypeSpec>>,
    required: readonly string[] = [],
    description = "",
  ): TypeSpec {
    const token = `${this.#module}:${name}`;
    this.#types.set(token, {
      type: "object",
      ...(description === "" ? {} : { description }),
      properties,
      ...(required.length > 0 ? { required: [...required].sort() } : {}),
    });
    return { $ref: `#/types/${token}` };
  }

  /** The type of a property, with its description. */
  property(node: StructuralSchema, name: string): TypeSpec {
    const description = textOf(node);
    return { ...this.typeOf(node, name), ...(description === "" ? {} : { description }) };
  }
}

function pascal(key: string): string {
  return key.charAt(0).toUpperCase() + key.slice(1);
}

function textOf({ description }: StructuralSchema): string {
  return typeof description === "string" ? description : "";
}

function requiredOf({ required }: StructuralSchema): readonly string[] {
  return Array.isArray(required) ? required.map(String) : [];
}

function asNode(value: unknown): StructuralSchema {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error("a schema node is no object");
  return { ...value };
}
