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
import { askProvider } from "./started-provider.ts";

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

/** SyncedSecrets of both forms; then what Pulumi does with the provider that a dynamic resource keeps in the state. */
const syncBody = `
const shims = [];
const newResource = ({ name, inputs }) => {
  if (inputs.__provider !== undefined) shims.push(inputs.__provider);
  return { id: name, state: { ...inputs, secretName: name } };
};
async function program() {
  await runtime.setMocks({ newResource, call: ({ inputs }) => inputs });
  const args = { spec: { data: [{ secretKey: "a", remoteRef: { key: "k" } }] } };
  const made = [new SyncedSecret("executable", args), new Dynamic("dynamic", args)];
  all(made.map(({ secretName }) => secretName)).apply((secretNames) => {
    const serialized = {};
    new Function("exports", "require", shims[0])(serialized, createRequire(process.cwd() + "/_"));
    console.log(...secretNames, typeof serialized.handler().create);
  });
}
program();
`;
const syncPrograms = {
  "sync.mjs": `import { createRequire } from "node:module";
    import { all, runtime } from "@pulumi/pulumi";
    import { SyncedSecret } from "pulumi-external-secrets/sync";
    import { SyncedSecret as Dynamic } from "pulumi-external-secrets/sync/dynamic";${syncBody}`,
  "sync.cjs": `const { createRequire } = require("node:module");
    const { all, runtime } = require("@pulumi/pulumi");
    const { SyncedSecret } = require("pulumi-external-secrets/sync");
    const { SyncedSecret: Dynamic } = require("pulumi-external-secrets/sync/dynamic");${syncBody}`,
};

/** Where Node finds the executable; with Plug'n'Play, inside of an archive. */
const PRINT_PLUGIN = `const { dirname, join } = require("node:path");
  const folder = dirname(require.resolve("pulumi-external-secrets/package.json"));
  process.stdout.write(join(folder, "dist/plugin/pulumi-resource-external-secrets.mjs"));`;

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
    for (const [file, text] of Object.entries({ ...programs, ...syncPrograms })) project.write(file, text);
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

for (const manager of PACKAGE_MANAGERS) {
  test(`SyncedSecrets of both forms are made, and a dynamic one finds its provider, where ${manager} installed them`, async () => {
    const project = projectOf(manager);
    for (const node of [tools.oldestNode, process.execPath]) {
      const runs = Object.keys(syncPrograms).map((file) => project.run(node, [file]));
      for (const printed of await Promise.all(runs)) assert.equal(printed, "executable dynamic function\n");
    }
  });

  test(`the executable provider starts and answers where ${manager} installed it`, async () => {
    const project = projectOf(manager);
    const plugin = await project.run(process.execPath, ["--input-type=commonjs", "--eval", PRINT_PLUGIN]);
    for (const node of [tools.oldestNode, process.execPath]) {
      const { version, resources } = await askProvider(project.start(node, [plugin]));
      assert.match(version, /^\d+\.\d+\.\d+/);
      assert.ok(resources.includes("external-secrets:index:SyncedSecret"), resources.join());
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
