import assert from "node:assert/strict";
import { test } from "node:test";
import type { AwsProviderSpec } from "../../api/stores/aws.ts";
import { awsBackend } from "../../providers/aws/index.ts";
import { InvalidConfiguration } from "../../providers/errors.ts";
import { EXAMPLE_AUTH, EXAMPLE_SPEC, openAws } from "./aws-surroundings.ts";

const STORE = { kind: "SecretStore", name: "store", namespace: "team" } as const;

const cases: readonly [name: string, spec: Partial<AwsProviderSpec>, expected: RegExp][] = [
  ["an empty region", { region: "" }, /^spec\.provider\.aws\.region: .*; name one/],
  ["a region that would lead to another host", { region: "x.example.com/#" }, /^spec\.provider\.aws\.region:/],
  ["a role that is no ARN", { role: "reader" }, /^spec\.provider\.aws\.role: "reader" is no ARN/],
  ["an additional role that is no ARN", { additionalRoles: ["x"] }, /^spec\.provider\.aws\.additionalRoles\[0\]:/],
  [
    "access keys without their secret half",
    { auth: { secretRef: { accessKeyIDSecretRef: EXAMPLE_AUTH.secretRef.accessKeyIDSecretRef } } },
    /^spec\.provider\.aws\.auth\.secretRef\.secretAccessKeySecretRef: is missing/,
  ],
  [
    "a recovery window together with a forced deletion",
    { secretsManager: { forceDeleteWithoutRecovery: true, recoveryWindowInDays: 7 } },
    /^spec\.provider\.aws\.secretsManager\.recoveryWindowInDays: .*remove one of the two$/,
  ],
  ["a recovery window of 6 days", { secretsManager: { recoveryWindowInDays: 6 } }, /use 7 to 30$/],
];

for (const [name, spec, expected] of cases) {
  test(`the aws backend refuses ${name}, with field and remedy, before any call`, async () => {
    const lines = awsBackend.check({ ...EXAMPLE_SPEC, ...spec }, STORE);
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? "", expected);
    await assert.rejects(openAws("http://127.0.0.1:1", spec), InvalidConfiguration);
  });
}

test("the aws backend accepts every way to authenticate", () => {
  for (const auth of [undefined, {}, { jwt: {} }, { jwt: { serviceAccountRef: { name: "x" } } }, EXAMPLE_AUTH]) {
    const spec: AwsProviderSpec = { service: "SecretsManager", region: "eu-central-1", ...(auth ? { auth } : {}) };
    assert.deepEqual(awsBackend.check(spec, STORE), []);
  }
});
