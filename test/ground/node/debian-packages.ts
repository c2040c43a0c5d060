/** Debian packages unpacked into a folder, with what they depend on and the machine lacks. Installs nothing. */
import { execFile } from "node:child_process";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const SIMULATE_MS = 60_000;
const DOWNLOAD_MS = 180_000;
const UNPACK_MS = 60_000;

export interface UnpackOptions {
  /** Told, in one line each, what takes time. */
  readonly onProgress: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Downloads packages by apt and unpacks them into `folder`, which then looks as `/` would. Where apt does not know a
 * package or its version is gone from the mirror, its lists are updated once.
 * @throws an error with apt's last line where there is no apt or no mirror.
 */
export async function unpackDebianPackages(
  packages: readonly string[],
  folder: string,
  options: UnpackOptions,
): Promise<void> {
  const archives = join(folder, "archives");
  await mkdir(archives);
  const fetchAll = async () => {
    const needed = await neededPackages(packages, options.signal);
    options.onProgress(`node: downloading ${needed.join(", ")}`);
    // Root may write here and the user `_apt` may not: apt must not try to become that user.
    const args = ["-o", "APT::Sandbox::User=root", "-qq", "download", ...needed];
    await run("apt-get", args, { cwd: archives, timeout: DOWNLOAD_MS, signal: options.signal });
  };
  try {
    await fetchAll();
  } catch (error) {
    options.signal?.throwIfAborted();
    if (isMissingProgram(error)) throw error;
    options.onProgress("node: updating apt's lists, as the packages were not found by the old ones");
    await run("apt-get", ["-qq", "update"], { timeout: DOWNLOAD_MS, signal: options.signal });
    await fetchAll();
  }
  for (const archive of await readdir(archives)) {
    const args = ["--extract", join(archives, archive), folder];
    await run("dpkg-deb", args, { timeout: UNPACK_MS, signal: options.signal });
  }
}

/** The packages themselves, and those of their dependencies that an installation would add. */
async function neededPackages(packages: readonly string[], signal: AbortSignal | undefined): Promise<string[]> {
  const args = ["-qq", "--simulate", "--no-install-recommends", "install", ...packages];
  const { stdout } = await run("apt-get", args, { timeout: SIMULATE_MS, signal });
  const added = [...stdout.matchAll(/^Inst (\S+) /gm)].map((match) => match[1] ?? "");
  return [...new Set([...packages, ...added])];
}

interface RunOptions {
  readonly cwd?: string;
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

async function run(program: string, args: readonly string[], { signal, ...options }: RunOptions) {
  try {
    const env = { ...process.env, LC_ALL: "C", DEBIAN_FRONTEND: "noninteractive" };
    return await promisify(execFile)(program, [...args], { ...options, env, ...(signal && { signal }) });
  } catch (error) {
    signal?.throwIfAborted();
    const stderr = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
    const reason = stderr.split("\n").at(-1) || (isMissingProgram(error) ? "not installed" : String(error));
    throw new Error(`${program} ${args.at(-1)}: ${reason}`, { cause: error });
  }
}

function isMissingProgram(error: unknown): boolean {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return cause instanceof Error && "code" in cause && cause.code === "ENOENT";
}
