/** Bundles `cli/main.ts` and all that it needs into the one file that the package's `bin` and the image run. */
import { chmod, mkdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { build } from "esbuild";

/** The project's root folder, absolute. */
const projectFolder = join(import.meta.dirname, "..");

/** Where the build puts the bundle: absolute, `dist/bin/external-secrets.mjs`. */
export const bundleFile = join(projectFolder, "dist", "bin", "external-secrets.mjs");

/** A finished bundle. */
export interface Bundle {
  /** The file, absolute. */
  readonly file: string;
  readonly sizeBytes: number;
}

/** CommonJS dependencies call `require` for Node's own modules, which an ES module does not have. */
const banner = `import { createRequire as createRequireForBundle } from "node:module";
const require = createRequireForBundle(import.meta.url);`;

/**
 * Bundles the command line, with all dependencies, into `outFile` (executable, an ES module for Node 22 and later).
 * Licence comments go to `<outFile>.LEGAL.txt` where there are any. Names stay readable, so that stack traces do.
 * Overwrites; equal sources give equal bytes.
 * @param entry the module to start from; default `cli/main.ts`.
 * @throws esbuild's error, which names file and line, where a source does not parse or an import is not found.
 */
export async function bundleCli(
  outFile: string = bundleFile,
  entry: string = join(projectFolder, "cli", "main.ts"),
): Promise<Bundle> {
  await mkdir(dirname(outFile), { recursive: true });
  await rm(`${outFile}.LEGAL.txt`, { force: true });
  await build({
    absWorkingDir: projectFolder,
    entryPoints: [entry],
    outfile: outFile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node22",
    mainFields: ["module", "main"],
    banner: { js: banner },
    minifySyntax: true,
    minifyWhitespace: true,
    minifyIdentifiers: false,
    legalComments: "external",
    logLevel: "silent",
  });
  await chmod(outFile, 0o755);
  return { file: outFile, sizeBytes: (await stat(outFile)).size };
}
