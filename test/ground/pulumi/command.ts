/** Runs one command to its end: its output by lines, a limit in time, an end that is certain. */
import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import type { ProcessRegistry } from "../process/supervised-process.ts";

/** A command that is interrupted has this long to end by itself, as `pulumi` does in order to save its state. */
const INTERRUPT_GRACE_MS = 20_000;

export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  /** 130 where the command was ended by a signal. */
  readonly code: number;
}

export interface Command {
  readonly path: string;
  readonly args: readonly string[];
  readonly folder: string;
  /** The whole environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds after which it is interrupted. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly onLine: (line: string) => void;
  /** Written to its standard input. */
  readonly input?: string | undefined;
}

/**
 * Resolves when the command has ended, with whatever code. It has a process group of its own, which ends with it.
 * @throws when it can't be started, when the time is over, and the signal's reason when that aborts; it has ended then.
 */
export async function runCommand(command: Command, registry: ProcessRegistry): Promise<CommandResult> {
  command.signal?.throwIfAborted();
  const child = spawn(command.path, command.args, {
    cwd: command.folder,
    env: command.environment,
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  // A command that ends at once closes its input; its exit code says why.
  child.stdin.on("error", () => {});
  child.stdin.end(command.input);
  const pid = child.pid;
  if (pid !== undefined) registry.addProcess(pid);
  const timeout = AbortSignal.timeout(command.timeoutMs);
  const limit = command.signal === undefined ? timeout : AbortSignal.any([command.signal, timeout]);
  try {
    const code = ended(child, pid, limit);
    const output = [collectLines(child.stdout, command.onLine), collectLines(child.stderr, command.onLine)] as const;
    const [stdout, stderr] = await Promise.all(output);
    const result = { stdout, stderr, code: await code };
    command.signal?.throwIfAborted();
    if (timeout.aborted)
      throw new Error(`${describe(command)}: not done within ${command.timeoutMs / 1000} s\n${stderr}`);
    return result;
  } finally {
    if (pid !== undefined) registry.removeProcess(pid);
  }
}

function describe({ path, args }: Command): string {
  return [path.split("/").at(-1), ...args.slice(0, 2)].join(" ");
}

function ended(child: ChildProcess, pid: number | undefined, limit: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    let killer: NodeJS.Timeout | undefined;
    const interrupt = () => {
      child.kill("SIGINT");
      killer = setTimeout(() => killGroup(pid), INTERRUPT_GRACE_MS);
    };
    limit.addEventListener("abort", interrupt, { once: true });
    child.once("error", reject);
    child.once("exit", (code) => {
      limit.removeEventListener("abort", interrupt);
      clearTimeout(killer);
      // Plugins that it left would hold its output open.
      killGroup(pid);
      resolve(code ?? 130);
    });
  });
}

/** A group that is gone already is no error. */
function killGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, "SIGKILL");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}

async function collectLines(stream: Readable, onLine: (line: string) => void): Promise<string> {
  let all = "";
  let rest = "";
  for await (const chunk of stream.setEncoding("utf8")) {
    all += chunk;
    const lines = `${rest}${chunk}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  }
  if (rest !== "") onLine(rest);
  return all;
}
