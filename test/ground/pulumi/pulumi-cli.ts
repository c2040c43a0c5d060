/** Runs the real Pulumi CLI on a project, with a home, a state and a passphrase of its own. */
import { randomBytes } from "node:crypto";
import { copyFile, mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { startProcessGuard } from "../process/process-guard.ts";
import type { ProcessRegistry } from "../process/supervised-process.ts";
import { createTempFolder } from "../temp-folder.ts";
import { resolveTool } from "../tools/resolve-tool.ts";
import { createToolCache, toolCacheFolder } from "../tools/tool-cache.ts";
import { type CommandResult, runCommand } from "./command.ts";
import { pulumiEnvironment } from "./pulumi-environment.ts";
import { type PluginOrigin, preparePulumiHome } from "./pulumi-home.ts";

const COMMAND_TIMEOUT_MS = 10 * 60_000;

/** These run the program or use its configuration, in the project's own folder; all others need its name only. */
const PROGRAM_COMMANDS = ["up", "update", "preview", "pre", "refresh", "destroy", "down", "import"];

export interface PulumiOptions {
  /** Holds Pulumi.yaml. Nothing is written into it. */
  readonly folder: string;
  /** Default: what `resolveTool("pulumi")` finds. */
  readonly pulumiPath?: string;
  /** Folder for PULUMI_HOME and stack configuration; kept by `close`. Default: a temporary one. */
  readonly home?: string;
  /** Folder of the state; kept by `close`. Default: inside of `home`. */
  readonly backendFolder?: string;
  /** Default: a random one. */
  readonly passphrase?: string;
  /** Added to the environment of the CLI, and so of the program. `KUBECONFIG` is taken from here only. */
  readonly env?: Readonly<Record<string, string>>;
  /** Told each line that the CLI prints, and where plugins come from. */
  readonly onOutput?: (line: string) => void;
  /** Ends the running command: it is interrupted first, so that its state is kept. */
  readonly signal?: AbortSignal;
  /** Default: "official" where it can be had, else "stand-in". */
  readonly kubernetesProvider?: PluginOrigin;
}

export interface RunOptions {
  /** Default 10 minutes. */
  readonly timeoutMs?: number;
  /** More arguments. */
  readonly args?: readonly string[];
  /** Written to the standard input. */
  readonly input?: string;
  /** Ends this command, as the signal of `openPulumi` does. */
  readonly signal?: AbortSignal;
}

export interface Pulumi {
  /** Whose plugins are used. */
  readonly languageHost: PluginOrigin;
  readonly kubernetesProvider: PluginOrigin | undefined;
  /** What a person must set in order to run `pulumi` on the same stack; holds the passphrase. */
  readonly variables: Readonly<Record<string, string>>;
  /** The file of the stack's configuration; a person passes it to `pulumi up` and the like by `--config-file`. */
  configFile(): string;
  /** Any command; resolves with whatever code it ends. Stack, configuration file and colour are added. */
  run(args: readonly string[], options?: RunOptions): Promise<CommandResult>;
  /** These throw `PulumiFailed` for any code but 0. `up`, `refresh` and `destroy` don't ask and don't preview. */
  up(options?: RunOptions): Promise<CommandResult>;
  preview(options?: RunOptions): Promise<CommandResult>;
  refresh(options?: RunOptions): Promise<CommandResult>;
  destroy(options?: RunOptions): Promise<CommandResult>;
  /** Makes a stack, or takes the one that is there; it is the one of all later commands. Default name: "dev". */
  stackInit(name?: string): Promise<void>;
  configSet(key: string, value: string, options?: { readonly secret?: boolean }): Promise<void>;
  /** The stack's outputs; secret ones read "[secret]". */
  outputs(): Promise<Readonly<Record<string, unknown>>>;
  /** The state, as the backend has it: secrets are encrypted. */
  exportStack(): Promise<PulumiState>;
  /** Removes the temporary folder. The stack's resources stay. Idempotent. */
  close(): Promise<void>;
  /** Lets go instead: the folder stays, also after the end of this process. */
  release(): Promise<void>;
}

export interface PulumiState {
  readonly version: number;
  readonly deployment: {
    readonly resources?: readonly {
      readonly urn: string;
      readonly type: string;
      readonly id?: string;
      readonly inputs?: Readonly<Record<string, unknown>>;
      readonly outputs?: Readonly<Record<string, unknown>>;
    }[];
  };
}

/** A command of `pulumi` ended with a code other than 0. Its message ends with the last lines of the output. */
export class PulumiFailed extends Error {
  readonly result: CommandResult;

  constructor(command: string, result: CommandResult) {
    const output = `${result.stdout}\n${result.stderr}`.trim().split("\n").slice(-40).join("\n");
    super(`pulumi ${command} ended with code ${result.code}:\n${output}`);
    this.name = "PulumiFailed";
    this.result = result;
  }
}

/**
 * Prepares the CLI for a project (about a second); nothing is run yet. Call `stackInit` first.
 * @throws ToolUnavailable where there is no Pulumi CLI; an error where the project's packages are not installed.
 */
export async function openPulumi(options: PulumiOptions): Promise<Pulumi> {
  const { signal, onOutput = () => {} } = options;
  const pulumiPath = options.pulumiPath ?? (await resolveTool("pulumi", { onProgress: onOutput, signal })).path;
  const guard = await startProcessGuard();
  const temporary = options.home === undefined ? await createTempFolder("ground-pulumi") : undefined;
  if (temporary !== undefined) guard.addFolder(temporary.path);
  const close = async () => {
    await temporary?.remove();
    await guard.release();
  };
  try {
    const workFolder = temporary?.path ?? resolve(options.home ?? ".");
    const prepared = await prepare(options, pulumiPath, workFolder, guard);
    const runIn: RunIn = (folder, args, { timeoutMs = COMMAND_TIMEOUT_MS, input, signal: own }) => {
      const command = { path: pulumiPath, args, folder, environment: prepared.environment.all, timeoutMs, input };
      const limits = [signal, own].filter((each) => each !== undefined);
      return runCommand({ ...command, signal: AbortSignal.any(limits), onLine: onOutput }, guard);
    };
    const { languageHost, kubernetesProvider } = prepared;
    const folders = { project: resolve(options.folder), stack: prepared.stackFolder };
    const variables = prepared.environment.own;
    return {
      languageHost,
      kubernetesProvider,
      variables,
      ...commands(folders, runIn),
      close,
      release: () => guard.release(),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function prepare(options: PulumiOptions, pulumiPath: string, workFolder: string, registry: ProcessRegistry) {
  const home = join(workFolder, "home");
  const plugins = await preparePulumiHome(
    {
      home,
      projectFolder: resolve(options.folder),
      pulumiPath,
      environment: process.env,
      cache: createToolCache(toolCacheFolder(process.env)),
      kubernetesProvider: options.kubernetesProvider,
      onProgress: options.onOutput ?? (() => {}),
      signal: options.signal,
    },
    registry,
  );
  const backendFolder = resolve(options.backendFolder ?? join(workFolder, "state"));
  await mkdir(backendFolder, { recursive: true });
  // Making a stack writes the stack's configuration beside Pulumi.yaml: beside this copy, then.
  const stackFolder = join(workFolder, "stack");
  await mkdir(stackFolder, { recursive: true });
  await copyFile(join(options.folder, "Pulumi.yaml"), join(stackFolder, "Pulumi.yaml"));
  const environment = pulumiEnvironment({
    inherited: process.env,
    home,
    backendFolder,
    binFolder: plugins.binFolder,
    passphrase: options.passphrase ?? randomBytes(16).toString("hex"),
    hasStandIns: plugins.languageHost === "stand-in" || plugins.kubernetesProvider === "stand-in",
    added: options.env ?? {},
  });
  return { ...plugins, environment, stackFolder };
}

type RunIn = (folder: string, args: readonly string[], options: RunOptions) => Promise<CommandResult>;

function commands(folders: { readonly project: string; readonly stack: string }, runIn: RunIn) {
  let stackName = "dev";
  const configFile = () => join(folders.stack, `Pulumi.${stackName}.yaml`);
  const run: Pulumi["run"] = ([command = "", ...rest], options = {}) => {
    const more = options.args ?? [];
    const common = ["--non-interactive", "--color", "never", command];
    if (!PROGRAM_COMMANDS.includes(command)) return runIn(folders.stack, [...common, ...rest, ...more], options);
    const stack = ["--stack", stackName, "--config-file", configFile(), "--suppress-permalink=true"];
    return runIn(folders.project, [...common, ...stack, ...rest, ...more], options);
  };
  const mustRun: Pulumi["run"] = async (args, options) => {
    const result = await run(args, options);
    if (result.code !== 0) throw new PulumiFailed(args.filter((arg) => !arg.startsWith("-")).join(" "), result);
    return result;
  };
  return {
    configFile,
    run,
    up: (options?: RunOptions) => mustRun(["up", "--yes", "--skip-preview"], options),
    preview: (options?: RunOptions) => mustRun(["preview"], options),
    refresh: (options?: RunOptions) => mustRun(["refresh", "--yes", "--skip-preview"], options),
    destroy: (options?: RunOptions) => mustRun(["destroy", "--yes", "--skip-preview"], options),
    async stackInit(name = "dev") {
      stackName = name;
      await mustRun(["stack", "select", name, "--create"]);
    },
    async configSet(key: string, value: string, options: { readonly secret?: boolean } = {}) {
      // The value goes by standard input, so that the list of processes does not show it.
      await mustRun(["config", "set", options.secret ? "--secret" : "--plaintext", "--raw", key], { input: value });
    },
    async outputs() {
      return JSON.parse((await mustRun(["stack", "output", "--json"])).stdout);
    },
    async exportStack() {
      return JSON.parse((await mustRun(["stack", "export"])).stdout);
    },
  };
}
