import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { projectFolder } from "../../scripts/run-step.ts";
import { type ConsumerTools, consumerTools } from "./consumer-tools.ts";
import {
  type InstalledProject,
  installProject,
  PACKAGE_MANAGERS,
  type PackageManager,
  packPackage,
} from "./package-managers.ts";

const programBody = `
const mocks = { newResource: ({ name, inputs }) => ({ id: name, state: inputs }), call: ({ inputs }) => inputs };
async function program() {
  await runtime.setMocks(mocks);
  const operator = new ExternalSecretsOperator("operator", { image: "example.test/image:1" });
  const spec = { provider: { fake: { data: [{ key: "k", value: "v" }] } } };
  const store = new SecretStore("store", { metadata: { name: "store" }, spec }, { dependsOn: operator });
  const data = [{ secretKey: "a", remoteRef: { key: "k" } }];
  const wish = new ExternalSecret("wish", { metadata: { name: "wish" }, spec: { secretStoreRef: store.ref, data } });
  wish.secretName.apply((name) => console.log(API_GROUP, name));
}
program();
`;
const names = "{ ExternalSecret, ExternalSecretsOperator, SecretStore }";
const programs = {
  "program.mjs": `import { runtime } from "@pulumi/pulumi";
    import ${names} from "pulumi-external-secrets";
    import { API_GROUP } from "pulumi-external-secrets/api";${programBody}`,
  "program.cjs": `const { runtime } = require("@pulumi/pulumi");
    const ${names} = require("pulumi-external-secrets");
    const { API_GROUP } = require("pulumi-external-secrets/api");${programBody}`,
};

let tools: ConsumerTools;
let folder: string;
const projects = new Map<PackageManager, InstalledProject>();
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "packed-"));
  const [archive, installed] = await Promise.all([packPackage(folder), consumerTools()]);
  tools = installed;
  const install = async (manager: PackageManager) => {
    const project = await installProject(manager, archive, tools);
    projects.set(manager, project);
    for (const [file, text] of Object.entries(programs)) project.write(file, text);
  };
  await Promise.all(PACKAGE_MANAGERS.map(install));
});
after(async () => {
  await Promise.all([...projects.values()].map((project) => project.remove()));
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

function projectOf(manager: PackageManager): InstalledProject {
  const project = projects.get(manager);
  assert.ok(project !== undefined);
  return project;
}

for (const manager of PACKAGE_MANAGERS) {
  test(`ES modules and CommonJS programs construct the components where ${manager} installed them`, async () => {
    const project = projectOf(manager);
    for (const node of [tools.oldestNode, process.execPath]) {
      const runs = Object.keys(programs).map((file) => project.run(node, [file]));
      for (const printed of await Promise.all(runs)) assert.equal(printed, "external-secrets.io wish\n");
    }
  });
}

test("a subpath whose cloud's package is not installed says which one is missing", async () => {
  const manifest = JSON.parse(await readFile(join(projectFolder, "package.json"), "utf8"));
  const project = projectOf("npm");
  for (const subpath of ["aws", "azure", "gcp", "vault", "policies"]) {
    if (!Object.hasOwn(manifest.exports, `./${subpath}`)) continue;
    const script = `await import("pulumi-external-secrets/${subpath}")`;
    await assert.rejects(project.run(process.execPath, ["--input-type=module", "-e", script]), /'@pulumi\/[a-z-]+/);
  }
});

test("Secrets that the stack owns need no cloud's package, in either module system", async () => {
  for (const subpath of ["sync", "sync/dynamic", "sync/dynamic/provider"]) {
    const name = JSON.stringify(`pulumi-external-secrets/${subpath}`);
    const print = "console.log(Object.keys(m).includes('SyncedSecret') || typeof m.createDynamicProvider)";
    const required = ["--input-type=commonjs", "-e", `const m = require(${name}); ${print}`];
    const imported = ["--input-type=module", "-e", `const m = await import(${name}); ${print}`];
    const expected = subpath.endsWith("provider") ? "function\n" : "true\n";
    for (const args of [required, imported]) assert.equal(await projectOf("npm").run(process.execPath, args), expected);
  }
});

test("the executables of the package are linked and run", async () => {
  const bin = join(projectOf("npm").folder, "node_modules", ".bin", "external-secrets");
  assert.match(await projectOf("npm").run(process.execPath, [bin, "version"]), /^\S*\d+\.\d+\.\d+/);
});

test("importing the package loads no schema library, no backend and no cloud, and takes little time", async () => {
  const script = `
    import { registerHooks } from "node:module";
    await import("@pulumi/pulumi");
    await import("@pulumi/kubernetes");
    const loaded = [];
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
    const before = process.cpuUsage();
    await import("pulumi-external-secrets");
    const { user, system } = process.cpuUsage(before);
    console.log(JSON.stringify({ loaded, cpuMs: (user + system) / 1000 }));
  `;
  const runs = [1, 2, 3].map(() => projectOf("npm").run(process.execPath, ["--input-type=module", "--eval", script]));
  const imports = (await Promise.all(runs)).map((printed) => JSON.parse(printed));
  const unexpected = imports[0].loaded.filter((url: string) =>
    /node_modules\/(zod|@aws-sdk|@azure|@google-cloud|yaml)\/|dist\/(providers|engine)\//.test(url),
  );
  assert.deepEqual(unexpected, []);
  const leastCpuMs = Math.min(...imports.map(({ cpuMs }) => cpuMs));
  assert.ok(leastCpuMs < 150, `${leastCpuMs} ms of CPU`);
});
