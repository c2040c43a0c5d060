/** Bundles `cli/main.ts` and all that it needs into the file that the package's `bin` and the image run, and its parts. */
import { chmod, mkdir, readdir, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { build } from "esbuild";

/** The project's root folder, absolute. */
const projectFolder = join(import.meta.dirname, "..");

/** Where the build puts the bundle: absolute, `dist/bin/external-secrets.mjs`. */
export const bundleFile = join(projectFolder, "dist", "bin", "external-secrets.mjs");

/** A finished bundle. */
export interface Bundle {
  /** The file, absolute. Its parts stand in the folder that {@link partsFolder} names. */
  readonly file: string;
  /** With all parts. */
  readonly sizeBytes: number;
}

/** CommonJS dependencies call `require` for Node's own modules, which an ES module does not have. */
const banner = `import { createRequire as createRequireForBundle } from "node:module";
const require = createRequireForBundle(import.meta.url);`;

const EXTENSION = ".mjs";

/** Where the parts of a bundle are: beside it, `external-secrets-parts`. They and the bundle belong together. */
export function partsFolder(bundle: string): string {
  return join(dirname(bundle), `${basename(bundle, EXTENSION)}-parts`);
}

/**
 * Bundles the command line, with all dependencies, into `outFile` (executable, an ES module for Node 22 and later), and what is loaded
 * on first use (each backend with its libraries) into parts: what a process does not use, it does not hold.
 * Licence comments go to `.LEGAL.txt` beside a file where there are any. Names stay readable, so that stack traces do.
 * Overwrites; equal sources give equal bytes.
 * @param outFile ends in `.mjs`.
 * @param entry the module to start from; default `cli/main.ts`.
 * @throws esbuild's error, which names file and line, where a source does not parse or an import is not found.
 */
export async function bundleCli(
  outFile: string = bundleFile,
  entry: string = join(projectFolder, "cli", "main.ts"),
): Promise<Bundle> {
  await mkdir(dirname(outFile), { recursive: true });
  const parts = partsFolder(outFile);
  await rm(`${outFile}.LEGAL.txt`, { force: true });
  await rm(parts, { recursive: true, force: true });
  await build({
    absWorkingDir: projectFolder,
    entryPoints: [{ in: entry, out: basename(outFile, EXTENSION) }],
    outdir: dirname(outFile),
    outExtension: { ".js": EXTENSION },
    chunkNames: `${basename(parts)}/[name]-[hash]`,
    bundle: true,
    splitting: true,
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
  const files = [outFile, ...(await filesIn(parts))];
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return { file: outFile, sizeBytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/** Absolute, in the order of their names; none where there is no such folder. */
export async function filesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort().map((name) => join(folder, name));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
