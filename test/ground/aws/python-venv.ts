/** Python packages in a virtual environment of their own, installed once per version. */
import { execFile, spawnSync } from "node:child_process";
import { access, mkdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Creating the environment and downloading: a minute where the network is slow, never this long. */
const INSTALL_TIMEOUT_MS = 300_000;

/** What goes into an environment. */
export interface VenvOptions {
  /** Name of the folder; holds the versions, so that another version is another folder. */
  readonly key: string;
  /** Requirements as pip takes them, each with its exact version. */
  readonly packages: readonly string[];
  /** Where environments are kept; default `$XDG_CACHE_HOME/pulumi-external-secrets/python`. */
  readonly cacheFolder?: string;
}

/** Whether there is a `python3` that can make virtual environments. */
export function hasPython(): boolean {
  return spawnSync("python3", ["-c", "import venv, ensurepip"], { stdio: "ignore", timeout: 30_000 }).status === 0;
}

/**
 * Path of the environment's Python; installs on first use. Safe when several processes do it at once.
 * @throws Error with pip's last lines where the installation fails.
 */
export async function ensureVenv(options: VenvOptions): Promise<string> {
  const cache = options.cacheFolder ?? defaultCacheFolder();
  const folder = join(cache, options.key);
  const python = join(folder, "bin", "python");
  if (await exists(python)) return python;
  await mkdir(cache, { recursive: true });
  const partial = `${folder}.partial-${process.pid}-${Date.now()}`;
  try {
    await runStep("python3", ["-m", "venv", partial]);
    const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...options.packages];
    await runStep(join(partial, "bin", "python"), install);
    await rename(partial, folder).catch(async (error: unknown) => {
      // Another process was faster: its environment is as good as ours.
      if (!(await exists(python))) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return python;
}

function defaultCacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "pulumi-external-secrets", "python");
}

async function runStep(command: string, args: readonly string[]): Promise<void> {
  try {
    await run(command, [...args], { timeout: INSTALL_TIMEOUT_MS, maxBuffer: 16 * 1024 * 1024 });
  } catch (error) {
    const output = typeof error === "object" && error !== null && "stderr" in error ? String(error.stderr) : "";
    const lines = output.trim().split("\n").slice(-5).join("\n");
    throw new Error(`${command} ${args.join(" ")} failed: ${lines}`, { cause: error });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
