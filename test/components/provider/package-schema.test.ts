import assert from "node:assert/strict";
import { test } from "node:test";
import { COMPONENTS } from "../../../components/provider/component-table.ts";
import { packageSchema } from "../../../scripts/component-schema/package-schema.ts";

interface ObjectSchema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Property>>;
  readonly required?: readonly string[];
}
interface Property {
  readonly type?: string;
  readonly $ref?: string;
  readonly plain?: boolean;
  readonly description?: string;
}
interface Resource extends ObjectSchema {
  readonly isComponent?: boolean;
  readonly inputProperties: Readonly<Record<string, Property>>;
  readonly requiredInputs?: readonly string[];
}
interface Schema {
  readonly resources: Readonly<Record<string, Resource>>;
  readonly types: Readonly<Record<string, ObjectSchema>>;
}

// As the engine gets it.
const schema: Schema = JSON.parse(JSON.stringify(packageSchema("1.2.3")));
const components = Object.entries(schema.resources).filter(([, { isComponent }]) => isComponent === true);

function resource(name: string): Resource {
  const found = schema.resources[`external-secrets:${name}`];
  assert.ok(found !== undefined, name);
  return found;
}

test("the schema has exactly the components that the provider makes", () => {
  assert.deepEqual(
    components.map(([token]) => token.slice("external-secrets:".length)),
    Object.keys(COMPONENTS),
  );
});

test("each reference leads to a type, and each required property is there", () => {
  for (const [, token = ""] of JSON.stringify(schema).matchAll(/"#\/types\/([^"]+)"/g)) {
    assert.ok(schema.types[token] !== undefined, token);
  }
  for (const [token, type] of [...Object.entries(schema.types), ...Object.entries(schema.resources)]) {
    const properties = Object.keys(type.properties ?? {});
    for (const name of type.required ?? []) assert.ok(properties.includes(name), `${token}.${name}`);
  }
});

test("each argument of a component has a docstring", () => {
  const bare = components.flatMap(([token, { inputProperties }]) =>
    Object.entries(inputProperties)
      .filter(([, { description }]) => description === undefined)
      .map(([name]) => `${token}.${name}`),
  );
  assert.deepEqual(bare, []);
});

test("what a program may give as an output is no plain property, and what it may not is", () => {
  const { inputProperties, requiredInputs } = resource("index:ExternalSecretsOperator");
  assert.deepEqual(requiredInputs, ["image"]);
  assert.equal(inputProperties.namespace?.plain, undefined);
  assert.equal(inputProperties.createNamespace?.plain, true);
  assert.match(inputProperties.crds?.$ref ?? "", /:Crds$/);
});

test("alternatives become one object whose fields are optional", () => {
  const provider = schema.types["external-secrets:index:SecretStoreProvider"];
  assert.equal(provider?.required, undefined);
  assert.ok(Object.keys(provider?.properties ?? {}).includes("vault"));
});

test("outputs are those of the classes", () => {
  assert.deepEqual(Object.keys(resource("index:ExternalSecret").properties ?? {}), ["secretName", "ready"]);
  const { properties, required } = resource("aws:AwsSecretStore");
  assert.equal(properties?.roleArn?.type, "string");
  assert.equal(properties?.unusedGrants?.type, "array");
  assert.ok(required?.includes("ref"));
});
