/** Bundles what Pulumi's engine starts: the executable for programs in every language, and what a dynamic resource loads. */
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { projectFolder } from "./run-step.ts";

const NAME = "pulumi-resource-external-secrets";

/**
 * What the engine starts, for each command anew: Node keeps what it compiled beside the module, where that folder can be written.
 * A `#!` line needs a file without an ending, which is an ES module by the package's type.
 */
const launcher = `#!/usr/bin/env node
import { enableCompileCache } from "node:module";
enableCompileCache(import.meta.dirname + "/.cache");
import("./${NAME}.mjs");
`;

/** CommonJS dependencies call `require` for Node's own modules, which an ES module does not have. */
const banner = `import { createRequire as createRequireForBundle } from "node:module";
const require = createRequireForBundle(import.meta.url);`;

/**
 * Writes `pulumi-resource-external-secrets.mjs`, its parts, and an executable of the name that the engine looks for. Backends
 * and components stay in parts of their own, loaded when they are used. Pulumi's packages are not bundled: a process may
 * have one copy of them only, the user's.
 * @throws esbuild's error, which names file and line.
 */
export async function bundlePlugin(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await build({
    absWorkingDir: projectFolder,
    entryPoints: [
      { in: "components/provider/main.ts", out: NAME },
      { in: "sync/dynamic/provider.ts", out: "dynamic-provider" },
    ],
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node22",
    mainFields: ["module", "main"],
    external: ["@pulumi/*"],
    banner: { js: banner },
    charset: "ascii",
    minifySyntax: true,
    minifyWhitespace: true,
    minifyIdentifiers: false,
    legalComments: "external",
    logLevel: "silent",
  });
  const executable = join(folder, NAME);
  await writeFile(executable, launcher);
  for (const file of [executable, `${executable}.mjs`]) await chmod(file, 0o755);
}
