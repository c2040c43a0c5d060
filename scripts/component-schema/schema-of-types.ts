/** From TypeScript's types of arguments to the types of a Pulumi schema. */
import ts from "typescript";
import {
  type ArgumentProperty,
  type ArgumentTypes,
  descriptionOf,
  isOpen,
  membersOf,
  wrappedType,
} from "./argument-types.ts";

/** A type as a Pulumi schema writes it. */
export type TypeSpec = Readonly<Record<string, unknown>>;

/** An object type of a Pulumi schema. */
export interface ObjectSpec {
  readonly type: "object";
  readonly description?: string;
  readonly properties: Readonly<Record<string, TypeSpec>>;
  readonly required?: readonly string[];
}

const ANY: TypeSpec = { $ref: "pulumi.json#/Any" };
const MODULE = "external-secrets:index";

/** Numbers that may be fractions; all others count or measure something in whole units. */
const FRACTIONS = ["clientQps"];

/** In TypeScript these are told apart by where they stand; other languages have one name for each thing. */
const NAMES: Readonly<Record<string, string>> = { Provider: "SecretStoreProvider", StoreRef: "SecretStoreRef" };

/** Properties whose type other languages see in another way, by name. */
export type Replacements = Readonly<Record<string, TypeSpec | "omitted">>;

/** Collects the object types that it comes across. */
export class ComponentSchemaTypes {
  readonly #declared: ArgumentTypes;
  readonly #types = new Map<string, ObjectSpec>();

  constructor(declared: ArgumentTypes) {
    this.#declared = declared;
  }

  /** All object types so far, by token, sorted. */
  get types(): Readonly<Record<string, ObjectSpec>> {
    return Object.fromEntries([...this.#types].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** The inputs of a component: the properties of the interface of that name. @throws Error where there is none. */
  inputs(interfaceName: string, replacements: Replacements = {}): ObjectSpec {
    const declaration = this.#declared.find(interfaceName);
    if (declaration === undefined || !ts.isInterfaceDeclaration(declaration)) {
      throw new Error(`there is no interface ${interfaceName}`);
    }
    return this.#object(this.#declared.propertiesOf(declaration), nameOf(interfaceName), "", replacements);
  }

  /** The outputs of a component: what its class has. Types of outputs are not plain. */
  outputs(className: string): ObjectSpec {
    const outputs = this.#declared.outputsOf(className);
    if (outputs.length === 0) throw new Error(`there is no class ${className} with outputs`);
    const { properties, ...others } = this.#object(outputs, className, "");
    return {
      ...others,
      properties: JSON.parse(JSON.stringify(properties, (key, value) => (key === "plain" ? undefined : value))),
    };
  }

  #object(
    properties: readonly ArgumentProperty[],
    name: string,
    description: string,
    replacements: Replacements = {},
  ): ObjectSpec {
    const kept = properties.filter((property) => replacements[property.name] !== "omitted");
    const specs = kept.map((property) => {
      const replacement = replacements[property.name];
      const type =
        typeof replacement === "object" ? replacement : this.#typeOf(property.type, name + pascal(property.name));
      const number = FRACTIONS.includes(property.name) ? { type: "number" } : {};
      const text = property.description === "" ? {} : { description: property.description };
      return [property.name, { ...type, ...number, ...text }] as const;
    });
    const required = kept.filter(({ isOptional }) => !isOptional).map((property) => property.name);
    return {
      type: "object",
      ...(description === "" ? {} : { description }),
      properties: Object.fromEntries(specs),
      ...(required.length === 0 ? {} : { required: required.sort() }),
    };
  }

  /** @param path from which a type without a name takes one. */
  #typeOf(node: ts.TypeNode, path: string): TypeSpec {
    const value = wrappedType(node, "Input");
    if (value !== undefined) return this.#bare(value, path);
    const bare = this.#bare(node, path);
    return bare === ANY || bare.$ref === ANY.$ref ? ANY : { ...bare, plain: true };
  }

  #bare(node: ts.TypeNode, path: string): TypeSpec {
    if (ts.isParenthesizedTypeNode(node)) return this.#bare(node.type, path);
    if (ts.isTypeOperatorNode(node)) return this.#bare(node.type, path);
    if (ts.isArrayTypeNode(node)) return { type: "array", items: this.#typeOf(node.elementType, `${path}Item`) };
    if (ts.isUnionTypeNode(node)) return this.#union(node, path);
    if (ts.isLiteralTypeNode(node)) return literal(node);
    if (ts.isTypeLiteralNode(node)) return this.#named(path, membersOf(node.members), "");
    if (ts.isTypeReferenceNode(node)) return this.#reference(node, path);
    return keyword(node.kind);
  }

  #reference(node: ts.TypeReferenceNode, path: string): TypeSpec {
    const name = node.typeName.getText();
    const [first, second] = node.typeArguments ?? [];
    if (name === "Readonly" && first !== undefined) return this.#bare(first, path);
    if (name === "Record" && second !== undefined) {
      return { type: "object", additionalProperties: this.#typeOf(second, `${path}Value`) };
    }
    const declaration = this.#declared.find(name);
    if (declaration === undefined) return ANY;
    if (ts.isClassDeclaration(declaration)) return ANY;
    if (ts.isInterfaceDeclaration(declaration)) {
      if (isOpen(declaration.members)) return { type: "object", additionalProperties: ANY };
      return this.#named(nameOf(name), this.#declared.propertiesOf(declaration), descriptionOf(declaration));
    }
    const inner = wrappedType(declaration.type, "Input") ?? declaration.type;
    return ts.isUnionTypeNode(inner) && inner.types.every((type) => ts.isTypeLiteralNode(type))
      ? this.#named(nameOf(name), mergedAlternatives(inner), descriptionOf(declaration))
      : this.#bare(inner, path);
  }

  /** Each name is worked out once; a type that holds itself finds it reserved. */
  #named(name: string, properties: readonly ArgumentProperty[], description: string): TypeSpec {
    const token = `${MODULE}:${name}`;
    if (!this.#types.has(token)) {
      this.#types.set(token, { type: "object", properties: {} });
      this.#types.set(token, this.#object(properties, name, description));
    }
    return { $ref: `#/types/${token}` };
  }

  #union(node: ts.UnionTypeNode, path: string): TypeSpec {
    if (node.types.every((type) => ts.isTypeLiteralNode(type))) return this.#named(path, mergedAlternatives(node), "");
    const members = node.types.filter((type) => !isNothing(type)).map((type) => this.#bare(type, path));
    const kinds = new Map(members.map((spec) => [JSON.stringify(spec), spec]));
    const [only, ...others] = kinds.values();
    if (only !== undefined && others.length === 0) return only;
    const isPrimitive = [...kinds.values()].every(({ type }) => type === "string" || type === "integer");
    return isPrimitive ? { oneOf: [...kinds.values()] } : ANY;
  }
}

/** Alternatives as one object: other languages have no union of objects, and the controller's rules say which fields go together. */
function mergedAlternatives(node: ts.UnionTypeNode): readonly ArgumentProperty[] {
  const alternatives = node.types.flatMap((type) => (ts.isTypeLiteralNode(type) ? [membersOf(type.members)] : []));
  const merged = new Map<string, ArgumentProperty>();
  for (const property of alternatives.flat().filter(({ type }) => !isNothing(type))) {
    const isAlwaysThere = alternatives.every((members) =>
      members.some(({ name, isOptional, type }) => name === property.name && !isOptional && !isNothing(type)),
    );
    if (!merged.has(property.name)) merged.set(property.name, { ...property, isOptional: !isAlwaysThere });
  }
  return [...merged.values()];
}

function isNothing(type: ts.TypeNode): boolean {
  return type.kind === ts.SyntaxKind.NeverKeyword || type.kind === ts.SyntaxKind.UndefinedKeyword;
}

function literal({ literal: value }: ts.LiteralTypeNode): TypeSpec {
  if (ts.isStringLiteral(value)) return { type: "string" };
  if (ts.isNumericLiteral(value)) return { type: "integer" };
  const isBoolean = value.kind === ts.SyntaxKind.TrueKeyword || value.kind === ts.SyntaxKind.FalseKeyword;
  return isBoolean ? { type: "boolean" } : ANY;
}

function keyword(kind: ts.SyntaxKind): TypeSpec {
  if (kind === ts.SyntaxKind.StringKeyword) return { type: "string" };
  if (kind === ts.SyntaxKind.NumberKeyword) return { type: "integer" };
  return kind === ts.SyntaxKind.BooleanKeyword ? { type: "boolean" } : ANY;
}

function nameOf(interfaceName: string): string {
  const name = interfaceName.replace(/Args$/, "");
  return NAMES[name] ?? name;
}

function pascal(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
