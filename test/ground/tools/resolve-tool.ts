/** Finds a tool for the ground: what the user has, else the cache, a folder of tools, the official download, a build. */
import { fromGoModules } from "./go-build.ts";
import { fromKubebuilderAssets, fromPath, fromVariable, toolVariable } from "./installed-tool.ts";
import { officialDownload } from "./official-download.ts";
import { cacheEntry, createToolCache, type ToolCache, toolCacheFolder } from "./tool-cache.ts";
import { fromToolFolder } from "./tool-folder.ts";
import type { ResolvedTool, ToolSource, ToolSurroundings } from "./tool-source.ts";
import { programVersion, TOOLS, type ToolName } from "./tool-table.ts";

export interface ResolveOptions {
  /** Told, in one line each, where a tool comes from and what takes time. Default: nobody. */
  readonly onProgress?: ((line: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Default: that of this process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Default: at the folder of `toolCacheFolder`. */
  readonly cache?: ToolCache;
  /** In the order in which they are asked. Default: all, `toolSources()`. */
  readonly sources?: readonly ToolSource[];
}

/** None of the sources has the tool; the message names each with its reason, and the remedy. */
export class ToolUnavailable extends Error {
  readonly tool: ToolName;
  readonly reasons: readonly string[];

  constructor(tool: ToolName, reasons: readonly string[]) {
    const { version } = TOOLS[tool];
    super(
      `${tool} ${version} cannot be had: ${reasons.join("; ")}. ` +
        `Install it on PATH, or name it by ${toolVariable(tool)}, or name a folder that has it by GROUND_TOOLS`,
    );
    this.name = "ToolUnavailable";
    this.tool = tool;
    this.reasons = reasons;
  }
}

/** What an earlier run unpacked, downloaded or built. */
export const fromCache: ToolSource = async (name, { cache }) => {
  const { program, version } = TOOLS[name];
  // A tool of the program `kube` may also have been downloaded by itself.
  const entries = [cacheEntry(name, version), cacheEntry(program, programVersion(program))];
  for (const entry of entries) {
    const path = await cache.find(entry, name);
    if (path !== undefined) return { name, path, version, source: `the cache (${cache.folder})` };
  }
  return `not in the cache (${cache.folder})`;
};

/** All sources, in their order. Make them once for a run: a host that cannot be reached is then tried once. */
export function toolSources(): readonly ToolSource[] {
  return [fromVariable, fromKubebuilderAssets, fromPath, fromCache, fromToolFolder, officialDownload(), fromGoModules];
}

/**
 * Finds one tool. The first source that has it wins.
 * @throws ToolUnavailable when none has; another error for a mistake that would be hidden by going on.
 */
export async function resolveTool(name: ToolName, options: ResolveOptions = {}): Promise<ResolvedTool> {
  const environment = options.environment ?? process.env;
  const surroundings: ToolSurroundings = {
    environment,
    cache: options.cache ?? createToolCache(toolCacheFolder(environment)),
    onProgress: options.onProgress ?? (() => {}),
    signal: options.signal,
  };
  const reasons: string[] = [];
  for (const source of options.sources ?? toolSources()) {
    options.signal?.throwIfAborted();
    const answer = await source(name, surroundings);
    if (typeof answer === "string") reasons.push(answer);
    else if (answer !== undefined) {
      surroundings.onProgress(`${name} ${answer.version} from ${answer.source}`);
      return answer;
    }
  }
  throw new ToolUnavailable(name, reasons);
}

/** Finds several tools, one after the other, and gives their paths by name. Throws as `resolveTool`. */
export async function resolveTools<Name extends ToolName>(
  names: readonly Name[],
  options: ResolveOptions = {},
): Promise<Readonly<Record<Name, string>>> {
  const paths = new Map<Name, string>();
  const shared = { ...options, sources: options.sources ?? toolSources() };
  for (const name of names) paths.set(name, (await resolveTool(name, shared)).path);
  return Object.fromEntries(paths) as Record<Name, string>;
}
