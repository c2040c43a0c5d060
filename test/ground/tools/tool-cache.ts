/** The project's own store of tools on this machine, by version; several processes may fill it at once. */
import { access, constants, mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { withFileLock } from "./file-lock.ts";

/** A folder that a process left half-filled this long ago is removed. */
const LEFTOVER_AFTER_MS = 24 * 3_600_000;

export interface ToolCache {
  readonly folder: string;
  /** The path of an executable in an entry; undefined where it is not there. */
  find(entry: string, executable: string): Promise<string | undefined>;
  /**
   * Makes an entry, all of it or nothing: `make` fills an empty folder, which then gets the entry's name. One process
   * works at a time; another that waited finds the entry and makes nothing.
   * @returns the entry's folder.
   * @throws what `make` throws; nothing is left then.
   */
  fill(entry: string, make: (folder: string) => Promise<void>, options?: FillOptions): Promise<string>;
}

export interface FillOptions {
  /** Called once when another process is making the same entry. */
  readonly onWait?: () => void;
  readonly signal?: AbortSignal | undefined;
}

/** `GROUND_CACHE`, else `$XDG_CACHE_HOME/pulumi-external-secrets/tools`, else the same below `~/.cache`. */
export function toolCacheFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const { GROUND_CACHE: own, XDG_CACHE_HOME: xdg } = environment;
  if (own !== undefined && own !== "") return own;
  const base = xdg !== undefined && xdg !== "" ? xdg : join(homedir(), ".cache");
  return join(base, "pulumi-external-secrets", "tools");
}

/** The name of a program's entry: it differs wherever the file may. */
export function cacheEntry(program: string, version: string): string {
  return `${program}-${version}-${process.platform}-${process.arch}`;
}

export function createToolCache(folder: string): ToolCache {
  return {
    folder,
    async find(entry, executable) {
      const path = join(folder, entry, executable);
      return (await isExecutable(path)) ? path : undefined;
    },
    async fill(entry, make, options = {}) {
      await mkdir(folder, { recursive: true });
      const final = join(folder, entry);
      return withFileLock(
        join(folder, `.lock-${entry}`),
        async () => {
          if (await isFolder(final)) return final;
          await removeLeftovers(folder, entry);
          await makeAtOnce(folder, entry, make);
          return final;
        },
        options,
      );
    },
  };
}

/** Whether the path is a file that this user may run. */
export async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch (error) {
    if (error instanceof Error && "code" in error) return false;
    throw error;
  }
}

async function makeAtOnce(folder: string, entry: string, make: (folder: string) => Promise<void>): Promise<void> {
  const unfinished = await mkdtemp(join(folder, `.part-${entry}-`));
  try {
    await make(unfinished);
    await rename(unfinished, join(folder, entry));
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    // Another process was quicker: its entry is as good as ours.
    if (!isTaken(error)) throw error;
  }
}

async function removeLeftovers(folder: string, entry: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(`.part-${entry}-`)) continue;
    const { mtimeMs } = await stat(join(folder, name));
    if (Date.now() - mtimeMs > LEFTOVER_AFTER_MS) await rm(join(folder, name), { recursive: true, force: true });
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOTEMPTY" || error.code === "EEXIST");
}
