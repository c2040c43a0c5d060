import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Consumer, installedConsumer } from "./installed-consumer.ts";

let consumer: Consumer;
before(async () => {
  consumer = await installedConsumer();
});
after(() => consumer.remove());

const program = `
import { ExternalSecret, SecretStore } from "pulumi-external-secrets";
import { API_GROUP, type ExternalSecretSpec } from "pulumi-external-secrets/api";

const spec: ExternalSecretSpec = { data: [{ secretKey: "a", remoteRef: { key: "b" } }] };
export const declare = () => [
  new SecretStore("s", { spec: { provider: { fake: { data: [{ key: "k", value: API_GROUP }] } } } }),
  new ExternalSecret("e", { spec }),
];
`;

const strict = ["--strict", "--noEmit", "--skipLibCheck", "--target", "ES2022"];

test("a CommonJS program with moduleResolution node finds the types of every subpath", async () => {
  consumer.write("package.json", "{}");
  consumer.write("commonjs.ts", program);
  await consumer.tsc([
    ...strict,
    "--skipLibCheck",
    "--module",
    "commonjs",
    "--moduleResolution",
    "node",
    "commonjs.ts",
  ]);
});

test("an ES module with moduleResolution nodenext finds them, too", async () => {
  consumer.write("module.mts", program);
  await consumer.tsc([...strict, "--module", "nodenext", "module.mts"]);
});

test("a store with two providers does not compile", async () => {
  const two = `{ fake: { data: [] }, vault: { server: "http://127.0.0.1", auth: {} } }`;
  consumer.write(
    "two.mts",
    `import { SecretStore } from "pulumi-external-secrets"; new SecretStore("s", { spec: { provider: ${two} } });`,
  );
  await assert.rejects(consumer.tsc([...strict, "--module", "nodenext", "two.mts"]), /two\.mts\(1,\d+\): error TS/);
});

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
