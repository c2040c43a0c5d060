/** From an ExternalSecret and its data to the Secret: precedence, targets, guards, and what errors say. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ExternalSecret, ExternalSecretSpec } from "../../api/external-secret.ts";
import type { DesiredSecret } from "../../engine/desired-secret.ts";
import { dataHash } from "../../engine/hashes.ts";
import { copiedAnnotations, renderExternalSecret, type TemplateSources } from "../../engine/render-external-secret.ts";
import { renderManifest } from "../../engine/render-manifest.ts";
import { InvalidConfiguration } from "../../providers/errors.ts";
import { SecretMap } from "../../providers/secret-map.ts";
import { templateEngine } from "./template-engine-fixture.ts";

type Target = NonNullable<ExternalSecretSpec["target"]>;
type Texts = Readonly<Record<string, string | Uint8Array>>;

const bytes = (texts: Texts): SecretMap =>
  new SecretMap(Object.entries(texts).map(([key, value]) => [key, Buffer.from(value)]));

const textsOf = ({ data }: DesiredSecret) =>
  Object.fromEntries([...data].map(([key, value]) => [key, Buffer.from(value).toString("latin1")]));

const DATA = { user: "u", password: "p" };

interface Wish {
  readonly target?: Target;
  readonly data?: Texts;
  readonly configMaps?: Readonly<Record<string, Texts>>;
  readonly secrets?: Readonly<Record<string, Texts>>;
  readonly existing?: { readonly type: string; readonly data: Texts };
}

const externalSecretOf = (target: Target | undefined): ExternalSecret => ({
  apiVersion: "external-secrets.io/v1",
  kind: "ExternalSecret",
  metadata: { name: "es", namespace: "ns", labels: { own: "1" }, annotations: { note: "2" } },
  spec: { ...(target === undefined ? {} : { target }) },
});

const sourcesOf = ({ configMaps = {}, secrets = {} }: Wish): TemplateSources => {
  const read = (objects: Readonly<Record<string, Texts>>) => async (name: string) => {
    const found = objects[name];
    return found === undefined ? undefined : bytes(found);
  };
  return { readConfigMap: read(configMaps), readSecret: read(secrets) };
};

function render(wish: Wish): Promise<DesiredSecret> {
  const { target, data = DATA, existing } = wish;
  const parts = {
    engine: templateEngine(),
    sources: sourcesOf(wish),
    ...(existing === undefined ? {} : { existing: { ...existing, data: bytes(existing.data) } }),
  };
  return renderExternalSecret(externalSecretOf(target), bytes(data), parts, AbortSignal.timeout(5_000));
}

const refused = (wish: Wish, message: RegExp) =>
  assert.rejects(render(wish), (error) => error instanceof InvalidConfiguration && message.test(error.message));

test("annotations that are for kubectl and for Pulumi are not copied to the Secret", () => {
  const annotations = {
    "kubectl.kubernetes.io/last-applied-configuration": "{}",
    "pulumi.com/waitFor": "condition=Ready",
    "example.com/pulumi.com": "kept",
  };
  assert.deepEqual(copiedAnnotations(annotations), { "example.com/pulumi.com": "kept" });
});

test("without a template the Secret has the values, and labels and annotations of the ExternalSecret", async () => {
  const secret = await render({});
  assert.deepEqual(textsOf(secret), DATA);
  assert.deepEqual(
    [secret.type, secret.name, secret.namespace, secret.owned, secret.immutable],
    [...["Opaque", "es", "ns", true, false]],
  );
  assert.equal(secret.labels.own, "1");
  assert.equal(secret.annotations.note, "2");
  assert.equal(secret.annotations["reconcile.external-secrets.io/data-hash"], dataHash(secret.data));
});

test("with a template only its own metadata is on the Secret, rendered", async () => {
  const metadata = { labels: { who: "{{ .user }}" }, annotations: { "{{ .user }}": "x" }, finalizers: ["a/b", "a/b"] };
  const secret = await render({ target: { template: { type: "my/type", metadata } } });
  assert.equal(secret.labels.own, undefined);
  assert.equal(secret.labels.who, "u");
  assert.equal(secret.annotations["{{ .user }}"], "x");
  assert.deepEqual(secret.finalizers, ["a/b"]);
  assert.equal(secret.type, "my/type");
  assert.deepEqual(textsOf(secret), DATA, "there is no template of data");
});

test("existing data is below the backend's, that below templateFrom, that below template.data", async () => {
  const target: Target = {
    creationPolicy: "Merge",
    template: {
      mergePolicy: "Merge",
      data: { d: "data" },
      templateFrom: [
        { literal: "c: literal\nd: literal", configMap: { name: "c", items: [{ key: "c" }, { key: "b" }] } },
        { secret: { name: "s", items: [{ key: "t", templateAs: "KeysAndValues" }] } },
      ],
    },
  };
  const secret = await render({
    target,
    data: { a: "backend", b: "backend" },
    configMaps: { c: { c: "map", b: "map" } },
    secrets: { s: { t: "e: 1.50" } },
    existing: { type: "old/type", data: { a: "old", z: "old" } },
  });
  assert.deepEqual(textsOf(secret), { z: "old", a: "backend", b: "map", c: "literal", d: "data", e: "1.5" });
  assert.equal(secret.type, "old/type");
  assert.equal(secret.owned, false);
});

test("with Replace the backend's values are only what templates make of them", async () => {
  assert.deepEqual(textsOf(await render({ target: { template: { data: { x: "{{ .user }}" } } } })), { x: "u" });
});

test("bytes that are no UTF-8 pass through a template", async () => {
  const secret = await render({
    data: { raw: Buffer.from([0xff, 0]) },
    target: { template: { data: { x: "<{{ .raw }}>" } } },
  });
  assert.equal(textsOf(secret).x, "<\xff\0>");
});

test("templateFrom goes to labels and annotations in any case, and decodes its values", async () => {
  const templateFrom = [
    { target: "labels", literal: "a: '{{ .user }}'" },
    { target: "Annotations", literal: "b: dmFs", valuesDecodingStrategy: "Base64" as const },
  ];
  const secret = await render({ target: { template: { templateFrom } } });
  assert.equal(secret.labels.a, "u");
  assert.equal(secret.annotations.b, "val");
  assert.deepEqual(textsOf(secret), {});
});

test("an error names the field, the template, line and column, the nearest key, and no value", async () => {
  const data = { password: "canary" };
  await refused(
    { data, target: { template: { data: { x: "\n{{ .pasword }}" } } } },
    /^spec\.target\.template\.data: unable to execute template at key x: template: x:2:3: .*did you mean "password"\?$/,
  );
  await refused(
    { data, target: { template: { templateFrom: [{ literal: "a: *{{ .password }}" }] } } },
    /^spec\.target\.template\.templateFrom\[0\]\.literal: could not unmarshal template to 'map\[string\]\[\]byte': (?!.*canary)/,
  );
  await refused(
    { data, target: { template: { templateFrom: [{ configMap: { name: "c", items: [{ key: "k" }] } }] } } },
    /^configmap c not found$/,
  );
  const items = [{ key: "k" }];
  await refused(
    { configMaps: { c: {} }, target: { template: { templateFrom: [{ configMap: { name: "c", items } }] } } },
    /^error in configmap c: missing key k$/,
  );
});

test("guarded types and targets are refused before anything is rendered", async () => {
  await refused({ target: { template: { type: "bootstrap.kubernetes.io/token" } } }, /is not allowed/);
  const type = "kubernetes.io/service-account-token";
  const annotations = { "kubernetes.io/service-account.name": "admin" };
  await refused({ target: { template: { type, metadata: { annotations } } } }, /is not allowed/);
  const literal = "kubernetes.io/service-account.name: admin";
  await refused(
    { target: { template: { type, templateFrom: [{ target: "ANNOTATIONS", literal }] } } },
    /is not allowed/,
  );
  await refused({ target: { template: { templateFrom: [{ target: "type", literal: "x" }] } } }, /must be one of/);
});

test("an immutable target says so", async () => {
  assert.equal((await render({ target: { immutable: true } })).immutable, true);
});

async function manifest(target: Target, wish: Wish = {}): Promise<object> {
  const parts = { engine: templateEngine(), sources: sourcesOf(wish) };
  return renderManifest(externalSecretOf(target), bytes(DATA), parts, AbortSignal.timeout(5_000));
}

test("a manifest's templates go to its fields and paths", async () => {
  const object = await manifest({
    manifest: { apiVersion: "e.io/v1", kind: "Thing" },
    template: {
      metadata: { labels: { l: "{{ .user }}" } },
      templateFrom: [
        { target: "spec.rules[1].names", literal: "- {{ .user }}\n- 2" },
        { target: "spec.deep", literal: "name: {{ .user }}" },
      ],
    },
  });
  assert.deepEqual(Reflect.get(object, "spec"), { rules: [null, { names: ["u", 2] }], deep: { name: "u" } });
  assert.equal(
    Reflect.get(Reflect.get(object, "metadata").labels, "l"),
    "{{ .user }}",
    "labels are literal here, as in ESO",
  );
});

test("a manifest without a template has the values as text", async () => {
  const configMap = await manifest({ manifest: { apiVersion: "v1", kind: "ConfigMap" } });
  assert.deepEqual(Reflect.get(configMap, "data"), DATA);
  const thing = await manifest({ manifest: { apiVersion: "e.io/v1", kind: "Thing" } });
  assert.deepEqual(Reflect.get(thing, "spec"), { data: DATA });
});

test("a path cannot reach JavaScript's prototypes", async () => {
  const object = await manifest({
    manifest: { apiVersion: "e.io/v1", kind: "Thing" },
    template: { templateFrom: [{ target: "spec.__proto__.polluted", literal: "yes" }] },
  });
  assert.equal(Reflect.get({}, "polluted"), undefined);
  assert.ok(Object.hasOwn(Reflect.get(object, "spec"), "__proto__"));
});
