/** The entry points of the package, as package.json's `exports` has them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "./run-step.ts";

/** A subpath that programs import. */
export interface PackageEntry {
  /** `.` or `./NAME`. */
  readonly subpath: string;
  /** What `exports` says. */
  readonly target: object;
  /** The source below the root, without its ending. */
  readonly source: string;
}

/** Entries that are compiled from a source; data files and bundles are none. */
export function packageEntries(): readonly PackageEntry[] {
  const { exports } = JSON.parse(readFileSync(join(projectFolder, "package.json"), "utf8"));
  return Object.entries<unknown>(exports).flatMap(([subpath, target]) => {
    if (typeof target !== "object" || target === null || !("default" in target)) return [];
    return [{ subpath, target, source: String(target.default).replace("./dist/", "").replace(/\.js$/, "") }];
  });
}
