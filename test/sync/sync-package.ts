/** A folder with a program that has this package installed, built from the sources as they are. */
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { bundlePlugin } from "../../scripts/bundle-plugin.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const EXPORTS = {
  "./sync": "./dist/sync/index.js",
  "./sync/dynamic": "./dist/sync/dynamic/index.js",
  "./sync/dynamic/provider": "./dist/plugin/dynamic-provider.mjs",
};

/** Makes the resources that `resources.json` lists: the tests write it before each command. */
const PROGRAM = `import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";

const { form, store, readSecret, resources, provider } = JSON.parse(readFileSync("resources.json", "utf8"));
const sync = await import(form === "dynamic" ? "pulumi-external-secrets/sync/dynamic" : "pulumi-external-secrets/sync");
const configured = provider === undefined ? undefined : new sync.Provider("configured", provider);
const made = resources.map(
  ({ name, args, options }) =>
    new sync.SyncedSecret(name, { ...(store === undefined ? {} : { store }), ...args }, { ...options, provider: configured }),
);
export const names = made.map((each) => each.secretName);
export const read = readSecret === undefined ? undefined : sync.readSecretOutput(readSecret, { provider: configured });
`;

/** Where things are. */
export interface SyncPackage {
  /** Holds Pulumi.yaml, index.mjs and node_modules. */
  readonly programFolder: string;
}

/** Builds into an empty folder (about two seconds). */
export async function buildSyncPackage(folder: string): Promise<SyncPackage> {
  const programFolder = join(folder, "program");
  const installed = join(programFolder, "node_modules", "pulumi-external-secrets");
  await mkdir(join(programFolder, "node_modules", "@pulumi"), { recursive: true });
  await symlink(
    join(ROOT, "node_modules", "@pulumi", "pulumi"),
    join(programFolder, "node_modules", "@pulumi", "pulumi"),
  );
  await build({
    absWorkingDir: ROOT,
    entryPoints: ["sync/index", "sync/dynamic/index"].map((entry) => ({ in: `${entry}.ts`, out: `dist/${entry}` })),
    outdir: installed,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node22",
    external: ["@pulumi/*"],
    logLevel: "silent",
  });
  await writeFile(
    join(installed, "package.json"),
    JSON.stringify({ name: "pulumi-external-secrets", version: "0.1.0", type: "module", exports: EXPORTS }),
  );
  const pluginFolder = join(installed, "dist", "plugin");
  await bundlePlugin(pluginFolder);
  await writeFile(join(programFolder, "Pulumi.yaml"), pulumiYaml(pluginFolder));
  await writeFile(join(programFolder, "package.json"), JSON.stringify({ name: "program", type: "module" }));
  await writeFile(join(programFolder, "index.mjs"), PROGRAM);
  return { programFolder };
}

function pulumiYaml(pluginFolder: string): string {
  return `name: sync
runtime:
  name: nodejs
  options:
    typescript: false
main: index.mjs
plugins:
  providers:
    - name: external-secrets
      path: ${pluginFolder}
`;
}
