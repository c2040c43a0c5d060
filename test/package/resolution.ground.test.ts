import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Consumer, installedConsumer } from "./installed-consumer.ts";

let consumer: Consumer;
before(async () => {
  consumer = await installedConsumer();
});
after(() => consumer.remove());

test("require and import give the same resources, CRDs included", async () => {
  const names = "Object.keys(m).sort().join()";
  const required = await consumer.node([
    "--input-type=commonjs",
    "-e",
    `const m = require("pulumi-external-secrets"); console.log(${names})`,
  ]);
  const imported = await consumer.node([
    "--input-type=module",
    "-e",
    `const m = await import("pulumi-external-secrets"); console.log(${names})`,
  ]);
  assert.match(required, /ExternalSecret,ExternalSecretsOperator,SecretStore/);
  assert.equal(required, imported);
  const crd = 'require.resolve("pulumi-external-secrets/crds/external-secrets.io_externalsecrets.yaml")';
  assert.match(await consumer.node(["--input-type=commonjs", "-e", `console.log(${crd})`]), /externalsecrets\.yaml/);
});

test("the executable in the package runs and says its version", async () => {
  const bin = "node_modules/pulumi-external-secrets/dist/bin/external-secrets.mjs";
  assert.match(await consumer.node([bin, "version"]), /0\.1\.0/);
});
