/** Type declarations for CommonJS programs: the same files once more, below a package.json that says so. */
import { cpSync, globSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The folder below `dist` that holds the copies. */
export const COMMONJS_TYPES = "commonjs";

/**
 * Copies each `.d.ts` below `dist` into `dist/commonjs`. With `moduleResolution: node16` TypeScript takes a declaration for
 * an ES module or for CommonJS by the nearest package.json, and lets no CommonJS program import the former, although Node
 * requires the ES modules themselves.
 */
export function writeCommonJsTypes(dist: string): void {
  for (const file of globSync("**/*.d.ts", { cwd: dist, exclude: [COMMONJS_TYPES] })) {
    cpSync(join(dist, file), join(dist, COMMONJS_TYPES, file));
  }
  writeFileSync(join(dist, COMMONJS_TYPES, "package.json"), '{ "type": "commonjs" }\n');
}
