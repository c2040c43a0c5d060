/** Projects of users, set up by each package manager from what the project publishes. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { projectFolder } from "../../scripts/run-step.ts";
import { type ConsumerTools, consumerEnvironment } from "./consumer-tools.ts";

const run = promisify(execFile);
const INSTALL_TIMEOUT_MS = 240_000;
const RUN_TIMEOUT_MS = 60_000;

/** How a user may install the package. */
export const PACKAGE_MANAGERS = ["npm", "pnpm", "yarn 1", "yarn 4 with Plug'n'Play"] as const;
export type PackageManager = (typeof PACKAGE_MANAGERS)[number];

/** A user's project with the package and Pulumi, and no cloud's package. */
export interface InstalledProject {
  readonly folder: string;
  write(file: string, text: string): void;
  /** Runs a program of the project and gives what it prints. @throws with its output when it fails. */
  run(node: string, args: readonly string[]): Promise<string>;
  /** Starts a program of the project, with its output to be read; it ends after a minute at the latest. */
  start(node: string, args: readonly string[]): ChildProcess;
  remove(): Promise<void>;
}

/** What each package manager is called with. Install scripts stay off: they are not the project's to run. */
function installCommand(manager: PackageManager, tools: ConsumerTools): readonly [string, ...string[]] {
  const quiet = ["install", "--ignore-scripts", "--prefer-offline"];
  const { execPath } = process;
  switch (manager) {
    case "npm":
      return ["npm", ...quiet, "--no-audit", "--no-fund", "--silent"];
    case "pnpm":
      return [tools.pnpm, ...quiet, "--store-dir", join(tools.stores, "pnpm")];
    case "yarn 1":
      return [execPath, tools.yarnClassic, ...quiet, "--cache-folder", join(tools.stores, "yarn-1")];
    case "yarn 4 with Plug'n'Play":
      return [execPath, tools.yarnModern, "install"];
  }
}

async function yarnSettings(tools: ConsumerTools): Promise<Record<string, string>> {
  const { stdout } = await run("npm", ["config", "get", "registry"], { timeout: RUN_TIMEOUT_MS });
  return {
    YARN_NPM_REGISTRY_SERVER: stdout.trim(),
    YARN_ENABLE_TELEMETRY: "0",
    YARN_ENABLE_SCRIPTS: "false",
    YARN_ENABLE_IMMUTABLE_INSTALLS: "false",
    YARN_ENABLE_GLOBAL_CACHE: "false",
    YARN_CACHE_FOLDER: join(tools.stores, "yarn-4"),
    YARN_NODE_LINKER: "pnp",
  };
}

/** Packs the built package into `folder`; gives the archive's path. Needs `npm run build` before. */
export async function packPackage(folder: string): Promise<string> {
  const args = ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder];
  const { stdout } = await run("npm", args, { cwd: projectFolder, timeout: RUN_TIMEOUT_MS });
  return join(folder, stdout.trim());
}

/** Sets up a project by a package manager, with what the archive's package needs and nothing else. */
export async function installProject(
  manager: PackageManager,
  archive: string,
  tools: ConsumerTools,
): Promise<InstalledProject> {
  const folder = await mkdtemp(join(tmpdir(), "consumer-"));
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  const dependencies = {
    "@pulumi/kubernetes": "^4.32.0",
    "@pulumi/pulumi": "^3.259.0",
    "pulumi-external-secrets": `file:${archive}`,
  };
  write("package.json", JSON.stringify({ name: "consumer", private: true, dependencies }));
  // Without it yarn 4 looks for a project in the folders above.
  if (manager.startsWith("yarn 4")) write("yarn.lock", "");
  const env = consumerEnvironment(manager.startsWith("yarn 4") ? await yarnSettings(tools) : {});
  const [command, ...args] = installCommand(manager, tools);
  await run(command, args, { cwd: folder, env, timeout: INSTALL_TIMEOUT_MS });
  const loaders = manager.startsWith("yarn 4") ? ["--require", "./.pnp.cjs", "--loader", "./.pnp.loader.mjs"] : [];
  return {
    folder,
    write,
    async run(node, programArgs) {
      const options = { cwd: folder, env: consumerEnvironment(), timeout: RUN_TIMEOUT_MS };
      return (await run(node, [...loaders, ...programArgs], options)).stdout;
    },
    start: (node, programArgs) =>
      spawn(node, [...loaders, ...programArgs], {
        cwd: folder,
        env: consumerEnvironment(),
        timeout: RUN_TIMEOUT_MS,
        stdio: ["ignore", "pipe", "pipe"],
      }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
