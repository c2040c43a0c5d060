/** One child process with a log file: readiness with a deadline, death noticed, an end that is certain. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { logTail } from "./log-tail.ts";
import { waitUntil } from "./wait-until.ts";

export interface ProcessOptions {
  /** For messages and for the log file's name. */
  readonly name: string;
  readonly command: string;
  readonly args?: readonly string[];
  /** The whole environment of the child. Default: that of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Receives standard output and standard error; appended to. */
  readonly logPath: string;
  /** Asked every 50 ms until it answers true; without it the process counts as ready once it runs. May not throw. */
  readonly isReady?: (signal: AbortSignal) => boolean | Promise<boolean>;
  /** Milliseconds until it must be ready. Default 60,000. */
  readonly readyTimeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface SupervisedProcess {
  readonly name: string;
  readonly pid: number;
  readonly logPath: string;
  /** Resolves when the process has ended, by whatever cause. Does not keep this process alive. */
  readonly exited: Promise<ProcessExit>;
  isRunning(): boolean;
  /** The last lines of the log. */
  logTail(lines?: number): Promise<string>;
  /**
   * SIGTERM to the process, then, after `graceMs` (default 5,000; 0: at once), SIGKILL to its whole process group.
   * Returns when it has ended. Idempotent.
   */
  stop(graceMs?: number): Promise<ProcessExit>;
  /** SIGSTOP: it keeps its connections and answers nothing. */
  pause(): void;
  /** SIGCONT after `pause`. */
  resume(): void;
}

/** Is told about each process that starts and ends, so that none is left behind. */
export interface ProcessRegistry {
  addProcess(pid: number): void;
  removeProcess(pid: number): void;
}

/**
 * Starts a process in a process group of its own and waits until it is ready.
 * @throws an error with the last lines of the log when it cannot be started, ends early, or is not ready in time; it is
 * ended then.
 */
export async function startProcess(options: ProcessOptions, registry: ProcessRegistry): Promise<SupervisedProcess> {
  options.signal?.throwIfAborted();
  const { child, pid, exited } = await spawnWithLog(options, registry);
  const supervised = supervise(options, child, pid, exited);
  try {
    await awaitReady(options, supervised);
  } catch (error) {
    await supervised.stop(0);
    throw error;
  }
  return supervised;
}

interface Spawned {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly exited: Promise<ProcessExit>;
}

async function spawnWithLog(options: ProcessOptions, registry: ProcessRegistry): Promise<Spawned> {
  const log = await open(options.logPath, "a", 0o600);
  try {
    const child = spawn(options.command, options.args ?? [], {
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
      ...(options.env === undefined ? {} : { env: options.env }),
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    const { pid } = child;
    // Nothing may be awaited before the end of the process is listened for: it may come at once.
    const exited = pid === undefined ? undefined : endOf(child, pid, registry);
    await once(child, "spawn");
    if (pid === undefined || exited === undefined) throw new Error("no process id");
    child.unref();
    return { child, pid, exited };
  } catch (error) {
    throw new Error(`cannot start ${options.name} (${options.command}): ${messageOf(error)}`, { cause: error });
  } finally {
    await log.close();
  }
}

function endOf(child: ChildProcess, pid: number, registry: ProcessRegistry): Promise<ProcessExit> {
  registry.addProcess(pid);
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => {
      // What the process itself started and left must not outlive it.
      signalGroup(pid, "SIGKILL");
      registry.removeProcess(pid);
      resolve({ code, signal });
    });
  });
}

function supervise(
  options: ProcessOptions,
  child: ChildProcess,
  pid: number,
  exited: Promise<ProcessExit>,
): SupervisedProcess {
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  return {
    name: options.name,
    pid,
    logPath: options.logPath,
    exited,
    isRunning,
    logTail: (lines) => logTail(options.logPath, lines),
    async stop(graceMs = 5000) {
      if (!isRunning()) return exited;
      child.ref();
      if (graceMs > 0) child.kill("SIGTERM");
      const timer = setTimeout(() => signalGroup(pid, "SIGKILL"), graceMs);
      try {
        if (graceMs <= 0) signalGroup(pid, "SIGKILL");
        return await exited;
      } finally {
        clearTimeout(timer);
      }
    },
    pause: () => signalGroup(pid, "SIGSTOP"),
    resume: () => signalGroup(pid, "SIGCONT"),
  };
}

async function awaitReady(options: ProcessOptions, supervised: SupervisedProcess): Promise<void> {
  const { isReady, readyTimeoutMs = 60_000, signal } = options;
  if (isReady === undefined) return;
  try {
    await waitUntil(
      `${options.name} ready`,
      async (limit) => {
        if (await isReady(limit)) return true;
        if (!supervised.isRunning()) throw new Error(`${options.name} ended before it was ready`);
        return false;
      },
      { timeoutMs: readyTimeoutMs, signal },
    );
  } catch (error) {
    signal?.throwIfAborted();
    const tail = await supervised.logTail();
    throw new Error(`${messageOf(error)}; its log ${options.logPath} ends with:\n${tail}`, { cause: error });
  }
}

/** Sends a signal to all processes of a group; a group that is gone is no error. */
function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch (error) {
    // macOS says EPERM of a group that holds zombies only.
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
