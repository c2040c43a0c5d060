/** A small shell process that outlives this one, and removes what a dead node leaves: its link and its control groups. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("./node-cleanup.sh", import.meta.url));

export interface NodeCleanup {
  /**
   * Removes link and control groups; the node's processes must be ending. Idempotent.
   * @throws where some are still there after 15 s.
   */
  finish(): Promise<void>;
  /** Ends the process and leaves everything. Idempotent. */
  release(): Promise<void>;
}

/**
 * Starts it. Should this process end in whatever way, it cleans up within moments of the node's end.
 * @param link the link's name on this machine.
 * @param cgroups folders, absolute; they need not exist.
 */
export async function startNodeCleanup(link: string, cgroups: readonly string[]): Promise<NodeCleanup> {
  const child = spawn("/bin/sh", [SCRIPT, link, ...cgroups], {
    detached: true,
    stdio: ["pipe", "pipe", "ignore"],
    cwd: "/",
  });
  await Promise.race([
    once(child.stdout, "data"),
    once(child, "exit").then(([code]) => {
      throw new Error(`the node's cleanup ended at once with code ${code}`);
    }),
  ]);
  child.stdout.destroy();
  child.unref();
  const { stdin } = child;
  stdin.on("error", () => {});
  if ("unref" in stdin && typeof stdin.unref === "function") stdin.unref();
  const end = async (word: string) => {
    if (child.exitCode === null && child.signalCode === null) {
      child.ref();
      const exited = once(child, "exit");
      stdin.end(word);
      await exited;
    }
    return child.exitCode;
  };
  return {
    async finish() {
      if ((await end("finish\n")) !== 0)
        throw new Error(`still there: the link ${link} or one of ${cgroups.join(", ")}`);
    },
    async release() {
      await end("release\n");
    },
  };
}
