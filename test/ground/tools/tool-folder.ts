/** Tools in the folder that `GROUND_TOOLS` names: plain executables, or `.xz` files that go into the cache. */
import { chmod, copyFile, readFile, stat, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { acceptIfItFits } from "./installed-tool.ts";
import { cacheEntry, isExecutable } from "./tool-cache.ts";
import type { ToolSource, ToolSurroundings } from "./tool-source.ts";
import { executablesOf, type ProgramName, programVersion, TOOLS, type ToolName } from "./tool-table.ts";
import { unpackXz } from "./unpack-xz.ts";

/**
 * In this order: `<tool>` with the run bit and a version that will do; `<program>.xz`; `<program>` (of the program `kube`
 * the tool is a part). An archive is held against `SHA256SUMS` in the folder where that names it.
 * @throws when the folder is not there or an archive is damaged.
 */
export const fromToolFolder: ToolSource = async (name, surroundings) => {
  const given = surroundings.environment.GROUND_TOOLS;
  if (given === undefined || given === "") return "GROUND_TOOLS names no folder";
  const folder = resolve(given);
  if (!(await exists(folder))) throw new Error(`GROUND_TOOLS=${given} is not there; correct or unset it`);
  const plain = join(folder, name);
  const { program, versionArgs, version } = TOOLS[name];
  if ((await isExecutable(plain)) && versionArgs !== undefined) {
    const answer = await acceptIfItFits(name, plain, "GROUND_TOOLS", surroundings.signal);
    if (typeof answer !== "string") return answer;
  }
  const packed = join(folder, `${program}.xz`);
  const whole = join(folder, program);
  const path = (await exists(packed))
    ? await unpackToCache(name, program, packed, surroundings)
    : (await isExecutable(whole))
      ? await copyToCache(name, program, whole, surroundings)
      : undefined;
  if (path === undefined) return `neither ${name} nor ${program}.xz is in GROUND_TOOLS (${folder})`;
  return { name, path, version, source: `GROUND_TOOLS (${folder})` };
};

async function unpackToCache(
  name: ToolName,
  program: ProgramName,
  archive: string,
  surroundings: ToolSurroundings,
): Promise<string> {
  const { cache, environment, signal, onProgress } = surroundings;
  const sha256 = await listedChecksum(archive);
  const folder = await cache.fill(
    cacheEntry(program, programVersion(program)),
    async (part) => {
      onProgress(`${program}: unpacking ${archive}`);
      await unpackXz(archive, join(part, program), { searchPath: environment.PATH, sha256, signal });
      await finishProgram(program, part, archive, signal);
    },
    { signal, onWait: () => onProgress(`${program}: another process is unpacking it`) },
  );
  return join(folder, name);
}

async function copyToCache(
  name: ToolName,
  program: ProgramName,
  file: string,
  { cache, signal }: ToolSurroundings,
): Promise<string> {
  const folder = await cache.fill(
    cacheEntry(program, programVersion(program)),
    async (part) => {
      await copyFile(file, join(part, program));
      await finishProgram(program, part, file, signal);
    },
    { signal },
  );
  return join(folder, name);
}

/**
 * Makes the one file of a program runnable by each of its names and proves that each tells a version that will do.
 * @param origin where it comes from, for the message.
 * @throws when one does not.
 */
export async function finishProgram(
  program: ProgramName,
  folder: string,
  origin: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  await chmod(join(folder, program), 0o755);
  for (const name of executablesOf(program)) {
    if (name !== program) await symlink(program, join(folder, name));
  }
  for (const name of executablesOf(program)) {
    if (TOOLS[name].versionArgs === undefined) continue;
    const answer = await acceptIfItFits(name, join(folder, name), program, signal);
    if (typeof answer === "string") throw new Error(`${origin} is not what it should be: ${answer}`);
  }
}

/** The checksum of an archive in the `SHA256SUMS` beside it; undefined where there is none. */
async function listedChecksum(archive: string): Promise<string | undefined> {
  const list = join(archive, "..", "SHA256SUMS");
  if (!(await exists(list))) return undefined;
  return checksumOf(await readFile(list, "utf8"), archive.slice(archive.lastIndexOf("/") + 1));
}

/** The checksum of `file` in a list as `sha256sum` writes it. */
export function checksumOf(list: string, file: string): string | undefined {
  for (const line of list.split("\n")) {
    const [sum, name] = line.trim().split(/\s+\*?/);
    if (name === file || name === `./${file}`) return sum?.toLowerCase();
  }
  return undefined;
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}
