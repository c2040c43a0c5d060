/** The last source of a tool: a build from Go modules, with a sign of life while it goes on. */
import { copyFile, mkdir, readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { SupervisedProcess } from "../process/supervised-process.ts";
import { createSupervisor } from "../process/supervisor.ts";
import { BUILD_RECIPES, type BuildRecipe } from "./build-recipe.ts";
import { findOnPath } from "./find-on-path.ts";
import { cacheEntry } from "./tool-cache.ts";
import { finishProgram } from "./tool-folder.ts";
import type { ToolSource, ToolSurroundings } from "./tool-source.ts";
import { type ProgramName, programVersion, TOOLS } from "./tool-table.ts";
import { usePatchedVaultSdk } from "./vault-sdk.ts";

const MODULES = fileURLToPath(new URL("../build", import.meta.url));
const SIGN_OF_LIFE_MS = 15_000;
const TIMEOUT_MS = 90 * 60_000;

/**
 * Builds the tool's program into the cache; one process builds, others wait for it.
 * @returns a phrase where there is no Go.
 * @throws when the build fails, with the last lines that `go` wrote.
 */
export const fromGoModules: ToolSource = async (name, surroundings) => {
  const { environment, cache, onProgress, signal } = surroundings;
  const go = await findOnPath("go", environment.PATH);
  if (go === undefined) return "no go on PATH to build it with (https://go.dev/dl)";
  const { program, version } = TOOLS[name];
  const folder = await cache.fill(
    cacheEntry(program, programVersion(program)),
    (part) => buildProgram(program, go, part, surroundings),
    { signal, onWait: () => onProgress(`${program}: another process is building it; waiting`) },
  );
  return { name, path: join(folder, name), version, source: "a build from Go modules" };
};

/** Builds one program into `target`, by all its names. */
async function buildProgram(
  program: ProgramName,
  go: string,
  target: string,
  surroundings: ToolSurroundings,
): Promise<void> {
  const { environment, onProgress, signal } = surroundings;
  const recipe = BUILD_RECIPES[program];
  const supervisor = await createSupervisor({ prefix: "ground-build" });
  const startedAt = performance.now();
  onProgress(`building ${program} from Go modules: about ${recipe.usualMinutes} min on two idle cores`);
  try {
    // The work tree is a temporary module; a workspace of the user's must not claim it.
    const env = { ...environment, CGO_ENABLED: "0", GOWORK: "off", GOBIN: target };
    const cwd = await prepareModule(recipe, go, supervisor.folder, env, signal);
    const args =
      recipe.installedAs === undefined
        ? ["build", "-trimpath", ...recipe.args, "-o", join(target, program), recipe.target]
        : ["install", "-trimpath", ...recipe.args, recipe.target];
    const build = await supervisor.start({ name: "go", command: go, args, cwd, env });
    await awaitBuild(build, program, startedAt, onProgress, signal);
    if (recipe.installedAs !== undefined) await rename(join(target, recipe.installedAs), join(target, program));
    await finishProgram(program, target, `the build of ${program}`, signal);
    onProgress(`built ${program} in ${elapsed(startedAt)}`);
  } finally {
    await supervisor.stop(0);
  }
}

async function prepareModule(
  recipe: BuildRecipe,
  go: string,
  workFolder: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<string> {
  if (recipe.module === undefined) return workFolder;
  const source = join(MODULES, recipe.module);
  const moduleFolder = join(workFolder, "module");
  await mkdir(moduleFolder);
  for (const file of await readdir(source)) await copyFile(join(source, file), join(moduleFolder, file));
  if (recipe.patchesVaultSdk === true) await usePatchedVaultSdk(go, moduleFolder, workFolder, env, signal);
  return moduleFolder;
}

async function awaitBuild(
  build: SupervisedProcess,
  program: ProgramName,
  startedAt: number,
  onProgress: (line: string) => void,
  outer: AbortSignal | undefined,
): Promise<void> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const signal = outer === undefined ? timeout : AbortSignal.any([outer, timeout]);
  const timer = setInterval(() => onProgress(`still building ${program}, ${elapsed(startedAt)}`), SIGN_OF_LIFE_MS);
  const onAbort = () => void build.stop();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    if (signal.aborted) await build.stop();
    const { code } = await build.exited;
    signal.throwIfAborted();
    if (code === 0) return;
    throw new Error(
      `building ${program} failed after ${elapsed(startedAt)}; go wrote at last:\n${await build.logTail(20)}`,
    );
  } finally {
    clearInterval(timer);
    signal.removeEventListener("abort", onAbort);
  }
}

/** `2m15s` */
function elapsed(startedAt: number): string {
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, "0")}s`;
}
