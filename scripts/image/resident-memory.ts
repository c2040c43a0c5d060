/** Measures the resident memory of the controller at rest: started against an empty API server, all watches open. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { CONTROLLER_ENV, CONTROLLER_NODE_FLAGS } from "./controller-process.ts";
import { type IdleApiServer, startIdleApiServer } from "./idle-api-server.ts";

/** No request for this long, with a watch open, is rest. */
const REST_MS = 3_000;
const POLL_MS = 100;
/** The controller must be at rest within this time. */
const LIMIT_MS = 60_000;
const STOP_MS = 10_000;

/** Listeners on free ports; each is a flag that ESO has too. */
const FLAGS = ["--metrics-addr=127.0.0.1:0", "--live-addr=127.0.0.1:0"];

/**
 * Resident memory in bytes of `node bundle controller` at rest.
 * @throws Error where the controller ends, or is not at rest within 60 s; the signal's reason when it aborts.
 */
export async function residentBytesAtRest(node: string, bundle: string, signal: AbortSignal): Promise<number> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
  const folder = await mkdtemp(join(tmpdir(), "external-secrets-rest-"));
  const server = await startIdleApiServer();
  let controller: ChildProcess | undefined;
  try {
    const kubeconfig = join(folder, "kubeconfig");
    await writeFile(kubeconfig, kubeconfigFor(server), { mode: 0o600 });
    controller = spawn(node, [...CONTROLLER_NODE_FLAGS, bundle, "controller", ...FLAGS], {
      env: { ...CONTROLLER_ENV, PATH: "/usr/bin:/bin", NODE_ENV: "production", HOME: folder, KUBECONFIG: kubeconfig },
      stdio: ["ignore", "pipe", "pipe"],
    });
    await waitForRest(controller, server, limited);
    return await residentBytes(controller);
  } finally {
    if (controller !== undefined) await end(controller);
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function waitForRest(controller: ChildProcess, server: IdleApiServer, signal: AbortSignal): Promise<void> {
  let output = "";
  for (const stream of [controller.stdout, controller.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      output += chunk;
    });
  }
  let failure: Error | undefined;
  controller.once("error", (error) => {
    failure = error;
  });
  // Not "exit": what it printed last may come after that.
  controller.once("close", () => {
    failure ??= new Error(`the controller ended before it was at rest${reasonIn(output)}`);
  });
  for (;;) {
    if (failure !== undefined) throw failure;
    if (server.openWatches() > 0 && Date.now() - server.lastRequestMs() > REST_MS) return;
    await delay(POLL_MS, undefined, { signal }).catch(() => {
      throw new Error("the controller is not at rest: it goes on asking the API server, or never opened a watch");
    });
  }
}

/** Where Node itself ends the process, the error stands above its stack and Node's version; else the last line tells. */
function reasonIn(output: string): string {
  const lines = output.trim().split("\n");
  const line = lines.find((each) => /^\w*Error\b/.test(each)) ?? lines.at(-1) ?? "";
  return line && `: ${line}`;
}

/** `VmRSS` on Linux, `ps` elsewhere; both are in KiB. */
async function residentBytes({ pid }: ChildProcess): Promise<number> {
  if (process.platform === "linux") {
    const status = await readFile(`/proc/${pid}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
  }
  const { stdout } = await promisify(execFile)("ps", ["-o", "rss=", "-p", String(pid)], { timeout: STOP_MS });
  return Number(stdout.trim()) * 1024;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  await exited;
  clearTimeout(timer);
}

/** JSON is YAML. */
function kubeconfigFor({ url, caPem }: IdleApiServer): string {
  const authority = Buffer.from(caPem).toString("base64");
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "rest", cluster: { server: url, "certificate-authority-data": authority } }],
    users: [{ name: "rest", user: { token: "none" } }],
    contexts: [{ name: "rest", context: { cluster: "rest", user: "rest", namespace: "external-secrets" } }],
    "current-context": "rest",
  });
}
