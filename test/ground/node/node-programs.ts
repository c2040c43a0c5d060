/** The programs of a node that are not Kubernetes' own: containerd, runc, network plugins, nft. Installed or unpacked. */
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { findOnPath } from "../tools/find-on-path.ts";
import { cacheEntry, createToolCache, isExecutable, toolCacheFolder } from "../tools/tool-cache.ts";
import { NODE_DEBIAN_PACKAGES } from "../versions.ts";
import { type UnpackOptions, unpackDebianPackages } from "./debian-packages.ts";
import { systemSearchPath } from "./node-requirements.ts";

export interface NodePrograms {
  /** For PATH: holds containerd, its shim, ctr, runc, nft and the system's own programs. */
  readonly searchPath: string;
  /** Absolute. */
  readonly runcPath: string;
  /** The folder with the network plugins bridge, host-local and loopback. */
  readonly pluginFolder: string;
  /** For LD_LIBRARY_PATH, where programs are unpacked and not installed; else empty. */
  readonly libraryPath: string;
}

export interface NodeProgramsOptions extends UnpackOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const PROGRAMS = ["containerd", "containerd-shim-runc-v2", "ctr", "runc", "nft"];
const PLUGINS = ["bridge", "host-local", "loopback"];
const PLUGIN_FOLDERS = ["/opt/cni/bin", "/usr/lib/cni", "/usr/libexec/cni"];

/**
 * The installed programs where all of them are; else Debian's packages, unpacked into the tool cache (once).
 * @throws an error that names what is missing and the remedy.
 */
export async function findNodePrograms(options: NodeProgramsOptions): Promise<NodePrograms> {
  const searchPath = systemSearchPath(options.environment.PATH);
  const installed = await programsIn(searchPath, PLUGIN_FOLDERS, "");
  if (typeof installed !== "string") return installed;
  const unpacked = await unpackedRoot(installed, options);
  const libraryPath = (await libraryFolders(unpacked)).join(":");
  const path = ["usr/sbin", "usr/bin", "sbin"].map((name) => join(unpacked, name)).join(":");
  const found = await programsIn(`${path}:${searchPath}`, [join(unpacked, "usr/lib/cni")], libraryPath);
  if (typeof found === "string")
    throw new Error(`${found}, although its package was unpacked to ${unpacked}: remove that`);
  return found;
}

/** All programs, or which of them is missing. */
async function programsIn(
  searchPath: string,
  pluginFolders: readonly string[],
  libraryPath: string,
): Promise<NodePrograms | string> {
  const paths = new Map<string, string>();
  for (const name of PROGRAMS) {
    const path = await findOnPath(name, searchPath);
    if (path === undefined) return `${name} is not there`;
    paths.set(name, path);
  }
  for (const pluginFolder of pluginFolders) {
    const found = await Promise.all(PLUGINS.map((name) => isExecutable(join(pluginFolder, name))));
    const runcPath = paths.get("runc");
    if (found.every(Boolean) && runcPath) return { searchPath, runcPath, pluginFolder, libraryPath };
  }
  return "no folder of network plugins is there";
}

async function unpackedRoot(missing: string, options: NodeProgramsOptions): Promise<string> {
  const cache = createToolCache(toolCacheFolder(options.environment));
  const entry = cacheEntry("node-packages", await distribution());
  try {
    return await cache.fill(
      entry,
      async (folder) => {
        options.onProgress(`node: ${missing}; unpacking Debian's packages into the cache (${cache.folder})`);
        await unpackDebianPackages(NODE_DEBIAN_PACKAGES, folder, options);
      },
      { signal: options.signal, onWait: () => options.onProgress("node: another process is unpacking the packages") },
    );
  } catch (error) {
    options.signal?.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    const remedy = `install the packages ${NODE_DEBIAN_PACKAGES.join(", ")} (or your distribution's like them)`;
    throw new Error(
      `a real node cannot be started: ${missing}, and it cannot be unpacked: ${reason}. Remedy: ${remedy}`,
      {
        cause: error,
      },
    );
  }
}

/** Packages fit the release that they are from: `debian-12`. */
async function distribution(): Promise<string> {
  const text = await readFile("/etc/os-release", "utf8").catch(() => "");
  const field = (name: string) => new RegExp(`^${name}="?([^"\n]*)"?$`, "m").exec(text)?.[1] ?? "unknown";
  return `${field("ID")}-${field("VERSION_ID")}`;
}

/** Folders like `usr/lib/x86_64-linux-gnu`, the only ones that packages put shared libraries into. */
async function libraryFolders(root: string): Promise<string[]> {
  const names = await readdir(root, { recursive: true });
  const folders = names
    .filter((name) => /(^|\/)lib[^/]*\.so\.[^/]*$/.test(name))
    .map((name) => join(root, dirname(name)));
  return [...new Set(folders)];
}
