/** Owner of child processes and of one folder: ends and removes all of it, also when this process dies. */
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createTempFolder } from "../temp-folder.ts";
import { type ProcessGuard, startProcessGuard } from "./process-guard.ts";
import { type ProcessOptions, type SupervisedProcess, startProcess } from "./supervised-process.ts";

/** What `Supervisor.start` takes; the log is `<folder>/<name>.log` unless said otherwise. */
export type SupervisedOptions = Omit<ProcessOptions, "logPath"> & { readonly logPath?: string };

export interface Supervisor {
  /** For data and logs. Removed by `stop` where the supervisor made it. */
  readonly folder: string;
  /** Starts a process; see `startProcess` for readiness and errors. */
  start(options: SupervisedOptions): Promise<SupervisedProcess>;
  /** Ends all processes, last started first, then removes the folder if it is a temporary one. Idempotent. */
  stop(graceMs?: number): Promise<void>;
  /**
   * Lets go: processes and folder stay, also after the end of this process.
   * @returns the ids of the processes that run on.
   */
  release(): Promise<readonly number[]>;
}

/**
 * Makes a supervisor. Should this process end in whatever way without `stop`, a guard kills the processes and removes the
 * temporary folder within moments.
 * @param options.folder kept by `stop`; default: a temporary one.
 * @param options.prefix of the temporary folder's name.
 */
export async function createSupervisor(options: { folder?: string; prefix?: string } = {}): Promise<Supervisor> {
  const guard = await startProcessGuard();
  const temporary = options.folder === undefined ? await createTempFolder(options.prefix) : undefined;
  const folder = temporary?.path ?? resolve(options.folder ?? ".");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (temporary !== undefined) guard.addFolder(folder);
  const children = trackChildren(folder, guard);
  let ended: Promise<void> | undefined;

  async function stopAll(graceMs: number | undefined): Promise<void> {
    await children.stop(graceMs);
    await temporary?.remove();
    await guard.release();
  }

  return {
    folder,
    async start(processOptions) {
      if (ended !== undefined) throw new Error(`cannot start ${processOptions.name}: its supervisor has been stopped`);
      return children.start(processOptions);
    },
    stop(graceMs) {
      ended ??= stopAll(graceMs);
      return ended;
    },
    async release() {
      ended ??= guard.release();
      await ended;
      return children.running().map(({ pid }) => pid);
    },
  };
}

/** Starts processes and knows them, from the moment when their start begins. */
function trackChildren(folder: string, guard: ProcessGuard) {
  const stopping = new AbortController();
  const starting = new Set<Promise<SupervisedProcess>>();
  let processes: readonly SupervisedProcess[] = [];
  const running = () => processes.filter((each) => each.isRunning());
  return {
    running,
    async start(options: SupervisedOptions): Promise<SupervisedProcess> {
      const logPath = options.logPath ?? join(folder, `${options.name}.log`);
      const { signal: outer } = options;
      const signal = outer === undefined ? stopping.signal : AbortSignal.any([outer, stopping.signal]);
      const start = startProcess({ ...options, logPath, signal }, guard);
      starting.add(start);
      try {
        const started = await start;
        processes = [...running(), started];
        return started;
      } finally {
        starting.delete(start);
      }
    },
    async stop(graceMs: number | undefined): Promise<void> {
      stopping.abort(new Error("the supervisor has been stopped"));
      await Promise.allSettled(starting);
      for (const each of processes.toReversed()) await each.stop(graceMs);
    },
  };
}
