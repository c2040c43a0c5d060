/** Runs kubectl against a control plane of the ground. */
import { execFile } from "node:child_process";

export interface KubectlOptions {
  /** Written to its standard input, for `-f -`. */
  readonly input?: string;
  /** Milliseconds until it is killed. Default 60,000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface KubectlResult {
  readonly stdout: string;
  /** Warnings of the API server are here. */
  readonly stderr: string;
}

/** @throws an error with kubectl's own message when it fails or takes too long. */
export function runKubectl(
  path: string,
  kubeconfigPath: string,
  args: readonly string[],
  options: KubectlOptions = {},
): Promise<KubectlResult> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      path,
      ["--kubeconfig", kubeconfigPath, ...args],
      {
        timeout: options.timeoutMs ?? 60_000,
        killSignal: "SIGKILL",
        maxBuffer: 64 * 1024 * 1024,
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      },
      (error, stdout, stderr) => {
        if (error === null) resolve({ stdout, stderr });
        else reject(new Error(`kubectl ${args.join(" ")}: ${stderr.trim() || error.message}`, { cause: error }));
      },
    );
    // A kubectl that fails at once closes its input before all of it is written; its message says why.
    child.stdin?.on("error", () => {});
    child.stdin?.end(options.input ?? "");
  });
}
