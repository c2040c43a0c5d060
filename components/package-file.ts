/** Files that this package ships beside its code. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * The absolute path of a file of the package, given by its path below the root. The sources stand one folder below the root, what is
 * compiled from them two.
 * @throws Error where the package is incomplete.
 */
export function packageFile(path: string): string {
  const candidates = [`../${path}`, `../../${path}`].map((relative) =>
    fileURLToPath(new URL(relative, import.meta.url)),
  );
  const file = candidates.find(existsSync);
  if (file === undefined) {
    throw new Error(`the package has no ${path} (looked for ${candidates.join(", ")}); install the package again`);
  }
  return file;
}
