/** From zod to the structural schema of a CRD. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as z from "zod";
import { structuralSchema, undescribed } from "../../api/crd/structural-schema.ts";
import { celRules, REQUIRED_DESPITE_DEFAULT } from "../../api/schema-extensions.ts";

test("constraints, defaults and descriptions are carried over; bounds that are only JavaScript's are not", () => {
  const schema = z.object({
    name: z.string().min(1).max(3).regex(/^a+$/).describe("A name."),
    size: z.int().meta({ format: "int64" }).optional(),
    kind: z.enum(["A", "B"]).default("A"),
  });
  assert.deepEqual(structuralSchema(schema), {
    type: "object",
    required: ["name"],
    properties: {
      name: { type: "string", minLength: 1, maxLength: 3, pattern: "^a+$", description: "A name." },
      size: { type: "integer", format: "int64" },
      kind: { type: "string", enum: ["A", "B"], default: "A" },
    },
  });
});

test("maps, lists, nullable fields and integers or strings take Kubernetes' forms", () => {
  const schema = z.object({
    map: z.record(z.string(), z.string()),
    list: z.array(z.object({ a: z.boolean() })).min(1),
    plain: z.string().nullable(),
    time: z.string().meta({ format: "date-time" }).nullable().describe("When."),
    either: z.union([z.int(), z.string()]).meta({ "x-kubernetes-int-or-string": true }),
  });
  assert.deepEqual(structuralSchema(schema).properties, {
    map: { type: "object", additionalProperties: { type: "string" } },
    list: {
      type: "array",
      minItems: 1,
      items: { type: "object", required: ["a"], properties: { a: { type: "boolean" } } },
    },
    plain: { type: "string", nullable: true },
    time: { type: "string", format: "date-time", nullable: true, description: "When." },
    either: { "x-kubernetes-int-or-string": true, anyOf: [{ type: "integer" }, { type: "string" }] },
  });
});

test("rules stand on the schema that they were put on, also when it is optional and described later", () => {
  const rule = { rule: "self.size() > 0", message: "empty" };
  const schema = z.object({ a: z.string().meta(celRules(rule)).optional().describe("A.") });
  assert.deepEqual(structuralSchema(schema).properties, {
    a: { type: "string", description: "A.", "x-kubernetes-validations": [rule] },
  });
});

test("a field with a default is required only where it is marked so", () => {
  const schema = z.object({ a: z.string().default("x"), b: z.string().default("y").meta(REQUIRED_DESPITE_DEFAULT) });
  assert.deepEqual(structuralSchema(schema).required, ["b"]);
});

test("what a structural schema cannot say is refused with its path", () => {
  const union = z.object({ a: z.object({ b: z.union([z.string(), z.boolean()]) }) });
  assert.throws(() => structuralSchema(union), /\.a\.b: the schema says anyOf/);
  const tuple = z.object({ list: z.array(z.tuple([z.string()])) });
  assert.throws(() => structuralSchema(tuple), /\.list\[\]\[\]: the schema says anyOf/);
});

test("without descriptions, everything else stays, also a field of the name description", () => {
  const schema = z.object({
    description: z.string().min(2).describe("A text."),
    list: z.array(z.object({ a: z.string().describe("A.") })).describe("List."),
    map: z.record(z.string(), z.string().describe("Value.")),
  });
  assert.deepEqual(undescribed(structuralSchema(schema)), {
    type: "object",
    required: ["description", "list", "map"],
    properties: {
      description: { type: "string", minLength: 2 },
      list: {
        type: "array",
        items: { type: "object", required: ["a"], properties: { a: { type: "string" } } },
      },
      map: { type: "object", additionalProperties: { type: "string" } },
    },
  });
});
