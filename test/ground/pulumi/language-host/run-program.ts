/** Runs a Pulumi program in a Node process of its own, by the SDK's `cmd/run`. */
import { type ChildProcess, spawn } from "node:child_process";
import lang from "@pulumi/pulumi/proto/language_pb.js";
import { readProgramOptions, resolveFromProgram } from "./program-options.ts";

type RunRequest = InstanceType<typeof lang.RunRequest>;
type RunResponse = InstanceType<typeof lang.RunResponse>;

/** The exit code by which `cmd/run` says that it has already told the user what is wrong. */
const ALREADY_REPORTED = 32;

export interface ProgramRunner {
  setEngineAddress(address: string): void;
  /** Resolves when the program ended. */
  run(request: RunRequest): Promise<RunResponse>;
  /** Interrupts all running programs. */
  cancel(): void;
}

/** Makes a runner of programs that report to the engine at `engineAddress`. */
export function createProgramRunner(engineAddress: string): ProgramRunner {
  const running = new Set<ChildProcess>();
  let engine = engineAddress;
  return {
    setEngineAddress(address) {
      if (address !== "") engine = address;
    },
    cancel() {
      for (const child of running) child.kill("SIGINT");
    },
    async run(request) {
      const child = startProgram(request, engine);
      running.add(child);
      try {
        return await programResult(child);
      } finally {
        running.delete(child);
      }
    },
  };
}

function startProgram(request: RunRequest, engine: string): ChildProcess {
  const info = request.getInfo();
  if (info === undefined) throw new Error("The engine sent no program to run");
  const options = readProgramOptions(info);
  const folder = info.getProgramDirectory();
  const args = [...options.nodeArgs, resolveFromProgram(folder, "@pulumi/pulumi/cmd/run")];
  const flags: Record<string, string> = {
    monitor: request.getMonitorAddress(),
    engine,
    organization: request.getOrganization(),
    project: request.getProject(),
    "root-directory": info.getRootDirectory(),
    stack: request.getStack(),
    pwd: folder,
    parallel: String(request.getParallel()),
  };
  for (const [name, value] of Object.entries(flags)) if (value !== "") args.push(`--${name}`, value);
  if (request.getDryrun()) args.push("--dry-run");
  args.push(info.getEntryPoint() || ".", ...request.getArgsList());
  return spawn(process.execPath, args, {
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env,
      ...options.environment,
      PULUMI_CONFIG: JSON.stringify(programConfig(request)),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    },
  });
}

/** Configuration under the names that the SDK reads: `project:config:key`. */
function programConfig(request: RunRequest): Record<string, string> {
  const config: Record<string, string> = {};
  for (const [key, value] of request.getConfigMap().entries()) config[key.replace(":", ":config:")] = value;
  return config;
}

function programResult(child: ChildProcess): Promise<RunResponse> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      const response = new lang.RunResponse();
      if (code === ALREADY_REPORTED) response.setBail(true);
      else if (code !== 0) response.setError(`Program exited with non-zero exit code: ${code ?? signal}`);
      resolve(response);
    });
  });
}
