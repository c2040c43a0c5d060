import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { loadKubeConfig } from "../../../controller/kube/kube-config.ts";
import { FakeClock } from "../../fake-clock.ts";

const { signal } = new AbortController();
const API_VERSION = "client.authentication.k8s.io/v1";

/** A kubeconfig whose plugin is a script run by this Node; `output` is JavaScript for what it prints. */
async function withPlugin(context: TestContext, output: string, exec: object = {}) {
  const folder = await mkdtemp(join(tmpdir(), "exec-plugin-"));
  context.after(() => rm(folder, { recursive: true }));
  const script = join(folder, "plugin.mjs");
  const count = join(folder, "count");
  await writeFile(count, "");
  await writeFile(
    script,
    `import { appendFileSync, readFileSync } from "node:fs";
     appendFileSync(${JSON.stringify(count)}, "x");
     const runs = readFileSync(${JSON.stringify(count)}).length;
     const credential = (status) => JSON.stringify({ apiVersion: ${JSON.stringify(API_VERSION)}, kind: "ExecCredential", status });
     ${output}`,
  );
  const path = join(folder, "config");
  const plugin = { apiVersion: API_VERSION, command: process.execPath, args: [script], ...exec };
  const file = {
    "current-context": "c",
    contexts: [{ name: "c", context: { cluster: "k", user: "u" } }],
    clusters: [{ name: "k", cluster: { server: "https://127.0.0.1:1" } }],
    users: [{ name: "u", user: { exec: plugin } }],
  };
  await writeFile(path, JSON.stringify(file));
  const clock = new FakeClock();
  const config = await loadKubeConfig({ environment: { ...process.env }, kubeconfigPath: path, clock });
  return { config, clock, runs: async () => (await readFile(count)).length };
}

test("a plugin's token is kept until shortly before it expires, and callers at once share a run", async (context) => {
  const { config, clock, runs } = await withPlugin(
    context,
    `console.log(credential({ token: "t" + runs, expirationTimestamp: "2025-01-01T00:10:00Z" }))`,
  );
  const token = async () => (await config.credentials.get(signal)).headers.authorization;
  assert.deepEqual(await Promise.all([token(), token(), token()]), ["Bearer t1", "Bearer t1", "Bearer t1"]);
  await clock.advance(580_000);
  assert.equal(await token(), "Bearer t1");
  await clock.advance(15_000);
  assert.equal(await token(), "Bearer t2");
  assert.equal(await runs(), 2);
});

test("after a 401 the plugin is asked again, once for all who were refused", async (context) => {
  const { config, runs } = await withPlugin(context, `console.log(credential({ token: "t" + runs }))`);
  const used = await config.credentials.get(signal);
  config.credentials.invalidate(used);
  assert.equal((await config.credentials.get(signal)).headers.authorization, "Bearer t2");
  config.credentials.invalidate(used);
  assert.equal((await config.credentials.get(signal)).headers.authorization, "Bearer t2");
  assert.equal(await runs(), 2);
});

test("a plugin gets its variables, what it must know, and gives a certificate", async (context) => {
  const { config } = await withPlugin(
    context,
    `const info = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
     console.log(credential({ clientCertificateData: process.env.EXTRA, clientKeyData: info.spec.cluster.server + info.spec.interactive }))`,
    { env: [{ name: "EXTRA", value: "cert" }], provideClusterInfo: true },
  );
  const { certificate } = await config.credentials.get(signal);
  assert.equal(String(certificate?.cert), "cert");
  assert.equal(String(certificate?.key), "https://127.0.0.1:1false");
});

const broken: readonly [what: string, output: string, exec: object, message: RegExp][] = [
  [
    "fails",
    `console.error("canary"); process.exit(3)`,
    {},
    /exec of user "u" .* failed with 3; run it by hand to see why/,
  ],
  ["prints no JSON", `console.log("canary")`, {}, /printed no JSON/],
  [
    "prints something else",
    `console.log(JSON.stringify({ kind: "canary" }))`,
    {},
    /printed no ExecCredential of client\.auth/,
  ],
  ["gives nothing", `console.log(credential({}))`, {}, /status has neither token nor clientCertificateData/],
  [
    "is not installed",
    "",
    { command: "no-such-plugin", installHint: "install it from the shop" },
    /no-such-plugin is not installed; install it from the shop/,
  ],
];
for (const [what, output, exec, message] of broken) {
  test(`a plugin that ${what} makes an error that names it and holds nothing of its output`, async (context) => {
    const { config } = await withPlugin(context, output, exec);
    await assert.rejects(config.credentials.get(signal), (error: Error) => {
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /canary/);
      return true;
    });
  });
}
