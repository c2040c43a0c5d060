/** Looks for a program where a shell would. */
import { delimiter, isAbsolute, join } from "node:path";
import { isExecutable } from "./tool-cache.ts";

/**
 * The first executable of that name in the folders of `searchPath` (as in PATH; relative folders are left out);
 * undefined where there is none.
 */
export async function findOnPath(name: string, searchPath: string | undefined): Promise<string | undefined> {
  for (const folder of (searchPath ?? "").split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    const path = join(folder, name);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}
