/** Removes from the compiled library what no program can reach: the compiler emits all that it looked at. */
import { existsSync, globSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** Imports, re-exports and `import("…")` types of compiled files, relative ones only. */
const RELATIVE_IMPORT = /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+)["'](\.[^"']+)["']/g;

/**
 * Keeps the modules (`.js`) and declarations (`.d.ts`) below `dist` that the entries lead to.
 * @param entries paths below `dist`, without their endings.
 * @throws Error where an entry or a file that is imported is missing.
 */
export function pruneLibrary(dist: string, entries: readonly string[]): void {
  for (const ending of [".js", ".d.ts"]) {
    const kept = new Set<string>();
    for (const entry of entries) follow(dist, `${entry}${ending}`, ending, kept);
    for (const file of globSync(`**/*${ending}`, { cwd: dist })) {
      if (!kept.has(file)) rmSync(join(dist, file));
    }
  }
}

function follow(dist: string, file: string, ending: string, kept: Set<string>): void {
  if (kept.has(file)) return;
  if (!existsSync(join(dist, file))) throw new Error(`the compiler has not made ${file}`);
  kept.add(file);
  for (const [, specifier = ""] of readFileSync(join(dist, file), "utf8").matchAll(RELATIVE_IMPORT)) {
    const target = relative(dist, join(dist, dirname(file), specifier)).replace(/(\.d)?\.[jt]s$/, ending);
    follow(dist, target, ending, kept);
  }
}
