/** A small shell process that outlives this one and ends what it left: on a crash, an interrupt, or a SIGKILL. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("./process-guard.sh", import.meta.url));

/** What the guard must end or remove should this process go without doing so itself. */
export interface ProcessGuard {
  /** The guard's own process id. */
  readonly pid: number;
  /** The leader of a process group of its own. */
  addProcess(pid: number): void;
  removeProcess(pid: number): void;
  /** An absolute path without a line break; all of it is removed. */
  addFolder(path: string): void;
  removeFolder(path: string): void;
  /** Ends the guard without ending anything else. Idempotent. */
  release(): Promise<void>;
}

/**
 * Starts a guard. It has its own session, so an interrupt from the terminal does not reach it, and it never keeps this
 * process alive.
 * @throws when `/bin/sh` cannot be started.
 */
export async function startProcessGuard(): Promise<ProcessGuard> {
  const child = spawn("/bin/sh", [SCRIPT], { detached: true, stdio: ["pipe", "pipe", "ignore"], cwd: "/" });
  await firstLine(child);
  child.stdout.destroy();
  child.unref();
  const input = child.stdin;
  // A guard that was ended from outside is no reason to fail: it is the second line of defence.
  input.on("error", () => {});
  if ("unref" in input && typeof input.unref === "function") input.unref();
  const send = (line: string) => {
    if (line.includes("\n")) throw new Error(`the process guard takes no line breaks: ${JSON.stringify(line)}`);
    if (input.writable) input.write(`${line}\n`);
  };
  return {
    pid: child.pid ?? -1,
    addProcess: (pid) => send(`process ${pid}`),
    removeProcess: (pid) => send(`ended ${pid}`),
    addFolder: (path) => send(`folder ${path}`),
    removeFolder: (path) => send(`removed ${path}`),
    release: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.ref();
      const exited = once(child, "exit");
      if (input.writable) input.end("release\n");
      await exited;
    },
  };
}

async function firstLine(child: ChildProcess & { stdout: NodeJS.ReadableStream }): Promise<void> {
  await Promise.race([
    once(child.stdout, "data"),
    once(child, "exit").then(([code]) => {
      throw new Error(`the process guard ended at once with code ${code}; is /bin/sh a POSIX shell?`);
    }),
  ]);
}
