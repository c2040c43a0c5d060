/** The schemas: what manifests they take, which defaults they know, and that every field is described. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as z from "zod";
import { type ExternalSecret, externalSecretSchema } from "../../api/external-secret.ts";
import { clusterSecretStoreSchema, type SecretStore, secretStoreSchema } from "../../api/secret-store.ts";

const EXTERNAL_SECRET = {
  apiVersion: "external-secrets.io/v1beta1",
  kind: "ExternalSecret",
  metadata: { name: "a", namespace: "n", uid: "u" },
  spec: {
    secretStoreRef: { name: "s" },
    data: [{ secretKey: "password", remoteRef: { key: "k", property: "p" } }],
  },
} as const;

test("a manifest gets the defaults that the API server gives, and no more", () => {
  const { spec, metadata } = externalSecretSchema.parse(EXTERNAL_SECRET);
  assert.deepEqual(spec, {
    ...EXTERNAL_SECRET.spec,
    refreshInterval: "1h0m0s",
    target: { creationPolicy: "Owner", deletionPolicy: "Retain" },
  });
  assert.deepEqual(metadata, EXTERNAL_SECRET.metadata);
});

test("a parsed manifest and one that leaves out the defaults are both ExternalSecrets", () => {
  const written: ExternalSecret = EXTERNAL_SECRET;
  const parsed = externalSecretSchema.parse(EXTERNAL_SECRET) satisfies ExternalSecret;
  assert.equal(parsed.spec.target.creationPolicy, "Owner");
  assert.equal(written.spec.target?.creationPolicy, undefined);
});

test("fields that nobody knows are dropped, as the API server drops them", () => {
  const store = {
    apiVersion: "external-secrets.io/v1beta1",
    kind: "SecretStore",
    metadata: { name: "a" },
    spec: {
      provider: { aws: { service: "SecretsManager", region: "us-east-1", auth: { jwt: { serviceAccountToken: "" } } } },
    },
  };
  assert.deepEqual(secretStoreSchema.parse(store).spec.provider, {
    aws: { service: "SecretsManager", region: "us-east-1", auth: { jwt: {} }, sessionTagsPolicy: "None" },
  });
});

test("a wrong value is refused with the path of its field", () => {
  const wrong = { ...EXTERNAL_SECRET, spec: { ...EXTERNAL_SECRET.spec, target: { creationPolicy: "Sometimes" } } };
  const { error } = externalSecretSchema.safeParse(wrong);
  assert.deepEqual(
    error?.issues.map(({ path }) => path.join(".")),
    ["spec.target.creationPolicy"],
  );
});

test("a store's types can be narrowed to the backend that it names", () => {
  const store: SecretStore = {
    metadata: { name: "a" },
    spec: { provider: { vault: { server: "https://v", auth: { kubernetes: { role: "r" } } } } },
  };
  assert.equal(store.spec.provider.vault?.auth?.kubernetes?.mountPath, undefined);
});

/** Paths of all fields below a JSON Schema node that have no description. */
function undescribedFields(node: z.core.JSONSchema.BaseSchema, path: string): readonly string[] {
  const children = Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
    if (typeof child === "boolean") return [];
    const own = child.description === undefined ? [`${path}${name}`] : [];
    return [...own, ...undescribedFields(child, `${path}${name}.`)];
  });
  const items = node.items;
  return typeof items === "object" && !Array.isArray(items)
    ? [...children, ...undescribedFields(items, path)]
    : children;
}

for (const [kind, schema] of Object.entries({ externalSecretSchema, secretStoreSchema, clusterSecretStoreSchema })) {
  test(`every field of ${kind} below spec and status says what it does`, () => {
    const { spec, status } = schema.shape;
    assert.deepEqual(undescribedFields(z.toJSONSchema(z.object({ spec, status }), { io: "input" }), ""), []);
  });
}
