/** The example's pack judges a program through the real Pulumi CLI. */
import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { projectFolder } from "../../../scripts/run-step.ts";
import { type ControlPlane, startControlPlane } from "../../ground/index.ts";
import { openPulumi, type Pulumi } from "../../ground/pulumi/index.ts";
import { type Consumer, installedConsumer } from "../../package/installed-consumer.ts";

const CANARY = "canary-hunter2";

const PROGRAM = `
  import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
  import { Config } from "@pulumi/pulumi";
  import { ExternalSecret, SecretStore } from "pulumi-external-secrets";
  const bad = new Config().getBoolean("bad");
  const secret = { name: "credentials", key: "key" };
  const keyless = { kubernetes: { mountPath: "kubernetes", role: "app", serviceAccountRef: { name: "app" } } };
  new SecretStore("store", {
    metadata: { name: "store", namespace: "default" },
    spec: { provider: { vault: { server: "https://vault.example.com", auth: bad ? { tokenSecretRef: secret } : keyless } } },
    skipAwait: true,
  });
  new ExternalSecret("typed", {
    metadata: { name: "typed", namespace: "default" },
    spec: {
      secretStoreRef: { name: "store" },
      refreshInterval: bad ? "10s" : "10m",
      dataFrom: [{ find: { name: { regexp: bad ? ".*" : "^app/" } } }],
    },
    skipAwait: true,
  });
  new CustomResource("bare", {
    apiVersion: "external-secrets.io/v1beta1",
    kind: "ExternalSecret",
    metadata: { name: "bare", namespace: "default" },
    spec: {
      secretStoreRef: { name: "store" },
      data: [{ secretKey: "password", remoteRef: { key: "app" } }],
      target: { template: { data: { password: bad ? "${CANARY}" : "{{ .password }}" } } },
    },
  });
`;

let controlPlane: ControlPlane;
let consumer: Consumer;
let pulumi: Pulumi;
before(async () => {
  [controlPlane, consumer] = await Promise.all([startControlPlane({ controllerManager: false }), installedConsumer()]);
  cpSync(join(projectFolder, "examples", "policy-pack"), join(consumer.folder, "pack"), { recursive: true });
  consumer.write("program/package.json", '{ "name": "program", "type": "module", "main": "index.js" }');
  consumer.write(
    "program/Pulumi.yaml",
    "name: program\nmain: index.js\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n",
  );
  consumer.write("program/index.js", PROGRAM);
  pulumi = await openPulumi({
    folder: join(consumer.folder, "program"),
    env: { KUBECONFIG: controlPlane.kubeconfigPath },
  });
  await pulumi.stackInit("prod");
});
after(async () => {
  await pulumi?.close();
  await Promise.all([controlPlane?.stop(), consumer?.remove()]);
});

const previewWithPack = (...args: string[]) =>
  pulumi.run(["preview"], { args: ["--policy-pack", join(consumer.folder, "pack"), ...args] });

test("a program that keeps the policies passes", async () => {
  const { code, stdout, stderr } = await previewWithPack();
  assert.equal(code, 0, stdout + stderr);
  assert.match(stdout, /✅ external-secrets@v1\.0\.0/);
  assert.doesNotMatch(stdout, /\[mandatory\]|\[advisory\]/);
});

test("typed and bare resources that break them are named with field and remedy, without the secret's value", async () => {
  await pulumi.configSet("bad", "true");
  const { code, stdout } = await previewWithPack();
  assert.notEqual(code, 0);
  for (const expected of [
    /external-secrets-no-static-credentials.*\n[\s\S]*SecretStore default\/store .*spec\.provider\.vault\.auth\.tokenSecretRef/,
    /external-secrets-no-wildcard-find[\s\S]*ExternalSecret default\/typed .*spec\.dataFrom\[0\]\.find/,
    /\[advisory\] \[severity: medium\] {2}external-secrets-refresh-interval-floor[\s\S]*refreshInterval is 10s, below the floor of 5m/,
    /external-secrets-no-literal-secrets[\s\S]*ExternalSecret default\/bare .*template\.data\["password"\]/,
  ]) {
    assert.match(stdout, expected);
  }
  assert.ok(!stdout.includes(CANARY));
});

test("the pack's configuration changes a policy", async () => {
  const config = join(consumer.folder, "pack", "policy-config.json");
  const { stdout } = await previewWithPack("--policy-pack-config", config);
  assert.match(
    stdout,
    /\[mandatory\] \[severity: medium\] {2}external-secrets-refresh-interval-floor[\s\S]*refreshInterval is 10s, below the floor of 2m/,
  );
});
