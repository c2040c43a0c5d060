/** Makes the argument types of the components from the schemas: Input at every depth, one alternative of several, docstrings. */
import * as z from "zod";
import { externalSecretSpecSchema } from "../api/external-secret.ts";
import { remoteRefSchema } from "../api/external-secret-data.ts";
import { generatorRefSchema, secretStoreRefSchema, sourceRefSchema } from "../api/external-secret-source.ts";
import { secretStoreSpecSchema } from "../api/secret-store.ts";
import {
  caProviderSchema,
  labelSelectorSchema,
  secretKeySelectorSchema,
  serviceAccountSelectorSchema,
} from "../api/selectors.ts";
import { awsJwtAuthSchema, awsSecretRefAuthSchema } from "../api/stores/aws-auth.ts";
import { gcpSecretRefAuthSchema, gcpWorkloadIdentitySchema } from "../api/stores/gcp-auth.ts";
import { docstring } from "./spec-docstring.ts";

/** A node of JSON Schema, as zod gives it. */
export type SchemaNode = { readonly [keyword: string]: unknown };

/** The types that users name. */
const ROOTS: readonly (readonly [string, z.ZodType, string])[] = [
  ["SecretStoreSpecArgs", secretStoreSpecSchema, "How a secret backend is reached."],
  ["ExternalSecretSpecArgs", externalSecretSpecSchema, "What an ExternalSecret asks for."],
];

/** Schemas that stand in several places: each place takes the same type. */
const SHARED: readonly (readonly [string, z.ZodType, string])[] = [
  ["SecretKeySelectorArgs", secretKeySelectorSchema, "A key of a Secret in the cluster."],
  ["ServiceAccountSelectorArgs", serviceAccountSelectorSchema, "A ServiceAccount whose token is requested."],
  ["CaProviderArgs", caProviderSchema, "Where the certificate authority's PEM is kept."],
  ["LabelSelectorArgs", labelSelectorSchema, "Kubernetes' label selector; all its parts must match."],
  ["StoreRefArgs", secretStoreRefSchema, "A reference to a store."],
  ["GeneratorRefArgs", generatorRefSchema, "A reference to a generator."],
  ["SourceRefArgs", sourceRefSchema, "A source of its own for one item: a store or a generator."],
  ["RemoteRefArgs", remoteRefSchema, "A reference to a secret in a backend."],
  ["AwsJwtAuthArgs", awsJwtAuthSchema, "An AWS role by a ServiceAccount's token."],
  ["AwsSecretRefAuthArgs", awsSecretRefAuthSchema, "AWS access keys in Secrets."],
  ["GcpSecretRefAuthArgs", gcpSecretRefAuthSchema, "A service account key in a Secret."],
  ["GcpWorkloadIdentityArgs", gcpWorkloadIdentitySchema, "GKE workload identity."],
];

/** Shorter names than the path gives. */
const NAMES: Readonly<Record<string, string>> = {
  "SecretStoreSpec.provider": "ProviderArgs",
  "Provider.aws": "AwsProviderArgs",
  "Provider.azurekv": "AzureKvProviderArgs",
  "Provider.fake": "FakeProviderArgs",
  "Provider.gcpsm": "GcpSmProviderArgs",
  "Provider.kubernetes": "KubernetesProviderArgs",
  "Provider.vault": "VaultProviderArgs",
  "Provider.webhook": "WebhookProviderArgs",
  "SecretStoreSpec.conditions": "StoreConditionArgs",
  "ExternalSecretSpec.data": "ExternalSecretDataArgs",
  "ExternalSecretSpec.dataFrom": "ExternalSecretDataFromArgs",
  "ExternalSecretSpec.target": "ExternalSecretTargetArgs",
};

/** An alternative of a type: fields that it must have, and fields that it may not have. */
interface Alternative {
  readonly needed: readonly string[];
  readonly barred: readonly string[];
}

/** Where the schema says it in CEL only. */
const ALTERNATIVES: Readonly<Record<string, readonly Alternative[]>> = {
  ExternalSecretDataFromArgs: [
    { needed: ["extract"], barred: ["find"] },
    { needed: ["find"], barred: ["extract"] },
    { needed: ["sourceRef"], barred: ["extract", "find"] },
  ],
};

const HEADER = `/** Arguments of stores and ExternalSecrets. Made by \`npm run generate\` from api/. Do not edit. */
import type { Input } from "@pulumi/pulumi";
`;

interface Emission {
  readonly shared: ReadonlyMap<string, string>;
  readonly blocks: Map<string, string>;
}

/** The text of `components/spec-args.generated.ts`. @throws Error for a schema that no type here can say. */
export function specArgs(): string {
  const shared = new Map(SHARED.map(([name, schema]) => [shapeOf(nodeOf(schema)), name]));
  const emission: Emission = { shared, blocks: new Map() };
  for (const [name, schema, description] of [...ROOTS, ...SHARED]) {
    emit(emission, name, { ...nodeOf(schema), description });
  }
  return [HEADER, ...emission.blocks.values()].join("\n");
}

function nodeOf(schema: z.ZodType): SchemaNode {
  return asNode(z.toJSONSchema(schema, { io: "input", target: "openapi-3.0", reused: "inline" }));
}

/** Equal for schemas that differ in their own description only. */
function shapeOf({ description: _, default: __, ...shape }: SchemaNode): string {
  return JSON.stringify(shape);
}

function emit(emission: Emission, name: string, node: SchemaNode): void {
  if (emission.blocks.has(name)) return;
  // Reserved first, so that a type stands before those that it is made of.
  emission.blocks.set(name, "");
  const head = `/** ${String(node.description ?? "")} */\n`;
  const alternatives = alternativesOf(name, node);
  const bodies = alternatives.map((alternative) => body(emission, name, node, alternative));
  const declaration =
    alternatives.length === 0
      ? `export interface ${name} ${body(emission, name, node)}\n`
      : `export type ${name} =\n  | ${bodies.join("\n  | ")};\n`;
  emission.blocks.set(name, head + declaration);
}

function body(emission: Emission, name: string, node: SchemaNode, alternative?: Alternative): string {
  const required = [...(Array.isArray(node.required) ? node.required : []), ...(alternative?.needed ?? [])];
  const lines = Object.entries(asNode(node.properties)).map(([field, child]) =>
    alternative?.barred.includes(field) === true
      ? `  readonly ${field}?: never;`
      : fieldLine(emission, name, field, asNode(child), required.includes(field)),
  );
  return `{\n${lines.join("\n")}\n}`;
}

/** Empty where the type has one form only. */
function alternativesOf(name: string, node: SchemaNode): readonly Alternative[] {
  const byHand = ALTERNATIVES[name];
  if (byHand !== undefined) return byHand;
  const isOne = node.minProperties === 1 && (node.maxProperties === 1 || name === "ProviderArgs");
  const fields = Object.keys(asNode(node.properties));
  if (!isOne || fields.length < 2) return [];
  return fields.map((field) => ({ needed: [field], barred: fields.filter((other) => other !== field) }));
}

function fieldLine(emission: Emission, owner: string, field: string, node: SchemaNode, isNeeded: boolean): string {
  const type = inputType(emission, `${owner.replace(/Args$/, "")}.${field}`, node);
  return `${docstring(node, isNeeded)}\n  readonly ${field}${isNeeded ? "" : "?"}: ${type};`;
}

/** @param path name of the owner and the field, from which a type takes its name. */
function inputType(emission: Emission, path: string, node: SchemaNode): string {
  return `Input<${plainType(emission, path, node)}>`;
}

function plainType(emission: Emission, path: string, node: SchemaNode): string {
  if (Array.isArray(node.anyOf)) return node.anyOf.map((part) => plainType(emission, path, asNode(part))).join(" | ");
  if (Array.isArray(node.enum)) return node.enum.map((value) => JSON.stringify(value)).join(" | ");
  switch (node.type) {
    case "string":
    case "boolean":
      return node.type;
    case "integer":
    case "number":
      return "number";
    case "array":
      // An item that says nothing of itself is what the list is of.
      return `readonly ${inputType(emission, path, { description: node.description, ...asNode(node.items) })}[]`;
    case "object":
      return objectType(emission, path, node);
    default:
      throw new Error(`${path}: no type is known for ${JSON.stringify(node)}`);
  }
}

function objectType(emission: Emission, path: string, node: SchemaNode): string {
  if (node.properties === undefined) {
    const values = node.additionalProperties;
    return `Readonly<Record<string, ${inputType(emission, path, asNode(values))}>>`;
  }
  const known = emission.shared.get(shapeOf(node));
  if (known !== undefined) return known;
  const [owner = "", field = ""] = path.split(".");
  const name = NAMES[path] ?? `${owner}${field.slice(0, 1).toUpperCase()}${field.slice(1)}Args`;
  emit(emission, name, node);
  return name;
}

function asNode(value: unknown): SchemaNode {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error("a schema node is no object");
  return { ...value };
}
