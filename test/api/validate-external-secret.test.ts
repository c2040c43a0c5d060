/** What is refused in an ExternalSecret, without a server. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type UncheckedExternalSecret,
  validateExternalSecret,
  validateSecretTemplate,
} from "../../api/validate-external-secret.ts";

const DATA = [{ secretKey: "a", remoteRef: { key: "a" } }];

type Spec = NonNullable<NonNullable<UncheckedExternalSecret>["spec"]>;

function errorsOf(spec: Spec): readonly string[] {
  return validateExternalSecret({ spec });
}

test("an absent object and an absent spec are refused", () => {
  assert.deepEqual(validateExternalSecret(null), ["external secret cannot be nil during validation"]);
  assert.deepEqual(validateExternalSecret({}), ["either data or dataFrom should be specified"]);
});

test("deletionPolicy Delete is refused wherever the Secret may be someone else's, and passes with Orphan", () => {
  const errorsWith = (creationPolicy: "Owner" | "Orphan" | "Merge" | "None" | "CreateOrMerge") =>
    errorsOf({ data: DATA, target: { creationPolicy, deletionPolicy: "Delete" } });
  for (const policy of ["Merge", "None", "CreateOrMerge"] as const) assert.equal(errorsWith(policy).length, 1, policy);
  for (const policy of ["Owner", "Orphan"] as const) assert.deepEqual(errorsWith(policy), [], policy);
});

test("each wrong item of dataFrom gives its own line", () => {
  const generatorRef = { kind: "Fake", name: "g" } as const;
  assert.deepEqual(
    errorsOf({
      dataFrom: [
        { extract: { key: "a" }, find: {} },
        { extract: { key: "a" }, sourceRef: { generatorRef } },
        {},
        { find: {}, sourceRef: {} },
        { extract: { key: "a" }, sourceRef: { storeRef: { name: "s" } } },
      ],
    }),
    [
      "extract, find, or generatorRef cannot be set at the same time",
      "extract, find, or generatorRef cannot be set at the same time",
      "either extract, find, or sourceRef must be set to dataFrom",
      "generatorRef or storeRef must be set when using sourceRef in dataFrom",
    ],
  );
});

test("a key that is there three times is named twice, and only with deletionPolicy Retain", () => {
  const data = ["a", "b", "a", "a"].map((secretKey) => ({ secretKey, remoteRef: { key: "x" } }));
  assert.deepEqual(errorsOf({ data, target: { deletionPolicy: "Retain" } }), [
    "duplicate secretKey found: a",
    "duplicate secretKey found: a",
  ]);
  assert.deepEqual(errorsOf({ data, target: { deletionPolicy: "Merge" } }), []);
});

test("errors come in ESO's order: policies, sources, template, items, keys", () => {
  const errors = errorsOf({
    data: [...DATA, ...DATA],
    dataFrom: [{}],
    target: {
      deletionPolicy: "Retain",
      template: { type: "bootstrap.kubernetes.io/token", templateFrom: [{ target: "type" }] },
    },
  });
  assert.deepEqual(errors, [
    'template.type="bootstrap.kubernetes.io/token" is not allowed',
    'templateFrom target="type" is not allowed when targeting a Secret, must be one of "Data", "Annotations" or "Labels"',
    "either extract, find, or sourceRef must be set to dataFrom",
    "duplicate secretKey found: a",
  ]);
});

test("a template for another kind than Secret may render anywhere, but not a privileged type", () => {
  const template = { type: "bootstrap.kubernetes.io/token", templateFrom: [{ target: "spec.config" }] };
  assert.equal(validateSecretTemplate(template, true).length, 2);
  assert.deepEqual(validateSecretTemplate(template, false), [
    'template.type="bootstrap.kubernetes.io/token" is not allowed',
  ]);
  assert.deepEqual(validateSecretTemplate(undefined, true), []);
});

test("a service account token may neither name its account nor render annotations", () => {
  const type = "kubernetes.io/service-account-token";
  const named = { type, metadata: { annotations: { "kubernetes.io/service-account.name": "admin" } } };
  assert.match(validateSecretTemplate(named, true)[0] ?? "", /with annotation "kubernetes.io\/service-account.name"/);
  const rendered = { type, templateFrom: [{ target: "ANNOTATIONS" }] };
  assert.match(validateSecretTemplate(rendered, true)[0] ?? "", /with templateFrom target="Annotations"/);
  assert.deepEqual(validateSecretTemplate({ type, templateFrom: [{ target: "Data" }, {}] }, true), []);
});
