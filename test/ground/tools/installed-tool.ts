/** Tools that the user has: named by a variable, in `KUBEBUILDER_ASSETS`, or on PATH. */
import { join } from "node:path";
import { findOnPath } from "./find-on-path.ts";
import { isExecutable } from "./tool-cache.ts";
import type { ToolSource } from "./tool-source.ts";
import { TOOLS, type ToolName } from "./tool-table.ts";
import { askVersion, formatVersion, parseVersion } from "./tool-version.ts";

/** The variable that names a tool's executable: `GROUND_TOOL_KUBE_APISERVER`. */
export function toolVariable(name: ToolName): string {
  return `GROUND_TOOL_${name.toUpperCase().replaceAll("-", "_")}`;
}

/**
 * The executable that `GROUND_TOOL_<NAME>` names; taken whatever its version is, as the user asked for it.
 * @throws when it is no executable, or is one that can tell its version and does not.
 */
export const fromVariable: ToolSource = async (name, { environment, signal }) => {
  const variable = toolVariable(name);
  const path = environment[variable];
  if (path === undefined || path === "") return undefined;
  const remedy = `correct or unset ${variable}`;
  if (!(await isExecutable(path))) throw new Error(`${variable}=${path} is no executable file; ${remedy}`);
  const { version, versionArgs } = TOOLS[name];
  if (versionArgs === undefined) return { name, path, version, source: variable };
  const found = await askVersion(path, versionArgs, signal);
  if (found === undefined) throw new Error(`${variable}=${path} does not tell its version; ${remedy}`);
  return { name, path, version: formatVersion(found), source: variable };
};

/** The folder that setup-envtest fills with etcd, kube-apiserver and kubectl. */
export const fromKubebuilderAssets: ToolSource = async (name, { environment, signal }) => {
  const folder = environment.KUBEBUILDER_ASSETS;
  if (folder === undefined || folder === "") return undefined;
  const path = join(folder, name);
  if (!(await isExecutable(path))) return undefined;
  return (await acceptIfItFits(name, path, "KUBEBUILDER_ASSETS", signal)) ?? undefined;
};

/** The first one on PATH. */
export const fromPath: ToolSource = async (name, { environment, signal }) => {
  const path = await findOnPath(name, environment.PATH);
  if (path === undefined) return "not on PATH";
  return acceptIfItFits(name, path, "PATH", signal);
};

/** The tool at `path` where its version will do, else why not. */
export async function acceptIfItFits(
  name: ToolName,
  path: string,
  source: string,
  signal: AbortSignal | undefined,
): Promise<string | { name: ToolName; path: string; version: string; source: string }> {
  const { version, versionArgs, fits } = TOOLS[name];
  const pinned = parseVersion(version);
  if (versionArgs === undefined || pinned === undefined) return `${path} cannot tell its version`;
  const found = await askVersion(path, versionArgs, signal);
  signal?.throwIfAborted();
  if (found === undefined) return `${path} does not tell its version`;
  if (!fits(found, pinned)) return `${path} is ${formatVersion(found)}, and ${version} is needed`;
  return { name, path, version: formatVersion(found), source: `${source} (${path})` };
}
