import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { projectFolder } from "../../scripts/run-step.ts";
import { consumerTools } from "./consumer-tools.ts";
import { type Consumer, installedConsumer } from "./installed-consumer.ts";

const program = `
import { ExternalSecret, ExternalSecretsOperator, SecretStore } from "pulumi-external-secrets";
import { API_GROUP, type ExternalSecretSpec } from "pulumi-external-secrets/api";
import { Provider, readSecretOutput, SyncedSecret } from "pulumi-external-secrets/sync";
import { SyncedSecret as DynamicSyncedSecret } from "pulumi-external-secrets/sync/dynamic";

const operator = new ExternalSecretsOperator("operator", { image: "example.test/image:1" });
const fake = { data: [{ key: "k", value: API_GROUP }] };
const store = new SecretStore("s", { spec: { provider: { fake } } }, { dependsOn: operator });
export const spec: ExternalSecretSpec = { data: [{ secretKey: "a", remoteRef: { key: "b" } }] };
const data = [{ secretKey: "a", remoteRef: { key: "b" } }];
const wish = new ExternalSecret("e", { spec: { secretStoreRef: store.ref, data } });
export const secretName = wish.secretName.apply((name: string) => name);
// @ts-expect-error a store has one provider
new SecretStore("two", { spec: { provider: { fake, vault: { server: "http://127.0.0.1", auth: {} } } } });
// @ts-expect-error a misspelt field
new ExternalSecret("misspelt", { spec: { secretStoreReference: store.ref } });

const provider = new Provider("provider", { namespace: "default", store: { provider: { fake } } });
const value = readSecretOutput({ key: "k" }, { provider });
const owned = new SyncedSecret("owned", { metadata: { namespace: value }, spec: { data } }, { provider });
const quick = new DynamicSyncedSecret("quick", { store: { storeRef: { name: "vault" } }, spec, adopt: true });
export const versions = [owned, quick].map((each) => each.versions.apply((all) => all.k));
// @ts-expect-error a spec is needed
new SyncedSecret("without", {});
`;

/** How programs may be set up: the compiler's flags, and the files, whose endings say the module system. */
const SETUPS = {
  "moduleResolution node": ["--module", "commonjs", "--moduleResolution", "node10", "program.ts"],
  "moduleResolution node16, CommonJS and ES module": ["--module", "node16", "program.cts", "program.mts"],
  "moduleResolution nodenext, CommonJS and ES module": ["--module", "nodenext", "program.cts", "program.mts"],
  "moduleResolution bundler": ["--module", "esnext", "--moduleResolution", "bundler", "program.ts"],
} as const;

const STRICT = ["--strict", "--noEmit", "--target", "ES2022", "--lib", "ES2022"];

/** Fast, and so for what does not depend on the compiler's version. */
const NATIVE = join(projectFolder, "node_modules", "typescript-native", "bin", "tsc");

/** The one cloud's package that each subpath may load types of. */
const CLOUDS: Readonly<Record<string, string>> = {
  aws: "aws",
  azure: "azure-native",
  gcp: "gcp",
  vault: "vault",
  policies: "policy",
};

let consumer: Consumer;
let compilers: readonly { readonly name: string; readonly path: string; readonly flags: readonly string[] }[];
before(async () => {
  const [installed, tools] = await Promise.all([installedConsumer(), consumerTools()]);
  consumer = installed;
  consumer.write("package.json", "{}");
  for (const extension of ["ts", "mts", "cts"]) consumer.write(`program.${extension}`, program);
  compilers = [
    { name: "5.9", path: join(projectFolder, "node_modules", "typescript", "bin", "tsc"), flags: [] },
    // Its own way to say that moduleResolution node will go.
    { name: "6.0", path: tools.typescript6, flags: ["--ignoreDeprecations", "6.0", "--types", "node"] },
  ];
});
after(() => consumer?.remove());

for (const [setup, setupFlags] of Object.entries(SETUPS)) {
  test(`a program type-checks with TypeScript 5.9 and 6.0: ${setup}`, async () => {
    const check = ({ path, flags }: (typeof compilers)[number]) =>
      consumer.node([path, ...STRICT, "--skipLibCheck", ...flags, ...setupFlags]);
    await Promise.all(compilers.map(check));
  });
}

test("the package's own declarations hold without skipLibCheck, too", async () => {
  await consumer.node([NATIVE, ...STRICT, "--types", "node", "--module", "node16", "program.mts", "program.cts"]);
});

test("a program loads the types of the clouds that it uses, and of no other", async () => {
  const { exports } = JSON.parse(await readFile(join(projectFolder, "package.json"), "utf8"));
  const subpaths = ["", ...Object.keys(CLOUDS)].filter((cloud) => cloud === "" || Object.hasOwn(exports, `./${cloud}`));
  for (const cloud of subpaths) {
    const file = `one-cloud-${cloud || "none"}.mts`;
    consumer.write(file, `import "pulumi-external-secrets${cloud && "/"}${cloud}";`);
    const flags = [...STRICT, "--skipLibCheck", "--listFilesOnly", "--module", "nodenext"];
    const listed = await consumer.node([NATIVE, ...flags, file]);
    const loaded = new Set([...listed.matchAll(/\/@pulumi\/([a-z-]+)\//g)].map(([, name]) => name));
    const permitted = ["pulumi", "kubernetes", CLOUDS[cloud]];
    assert.ok(loaded.size > 0, listed);
    assert.deepEqual(
      [...loaded].filter((name) => !permitted.includes(name)),
      [],
      cloud,
    );
  }
});
