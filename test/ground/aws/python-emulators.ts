/** MiniStack and moto as second opinions on AWS: installed, started on loopback, stopped by process id. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { ensureVenv, type VenvOptions } from "./python-venv.ts";

/** MIT; wrong are the `!`, `all` and tag filters, and paging of batches. */
export const MINISTACK_VERSION = "1.5.33";
/** Apache-2.0; wrong are AWSCURRENT after UpdateSecretVersionStage, and status 404 for a missing secret. */
export const MOTO_VERSION = "5.2.5";

/** How to start one. */
export interface PythonEmulatorOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** Where the Python environments are kept; see `VenvOptions`. */
  readonly cacheFolder?: string;
}

/** A running emulator. */
export interface PythonEmulator {
  readonly name: "MiniStack" | "moto";
  /** `http://127.0.0.1:PORT`. */
  readonly endpoint: string;
  /** Ends the process that was started, and waits for it. Idempotent. */
  stop(): Promise<void>;
}

interface Launch {
  readonly name: PythonEmulator["name"];
  readonly venv: VenvOptions;
  readonly args: (port: number) => readonly string[];
  readonly environment: (port: number) => Readonly<Record<string, string>>;
  /** Answers 200 when it is ready. */
  readonly healthPath: string;
}

const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 5_000;
const POLL_MS = 100;
const KEPT_OUTPUT_CHARACTERS = 4_000;

/** Starts MiniStack 1.5.33; ready when the promise resolves. Needs python3; the first start installs it. */
export function startMiniStack(options: PythonEmulatorOptions = {}): Promise<PythonEmulator> {
  return start(options, {
    name: "MiniStack",
    venv: { key: `ministack-${MINISTACK_VERSION}`, packages: [`ministack==${MINISTACK_VERSION}`] },
    args: (port) => ["-m", "hypercorn", "ministack.app:app", "--bind", `127.0.0.1:${port}`],
    environment: (port) => ({
      BIND_HOST: "127.0.0.1",
      GATEWAY_PORT: String(port),
      SERVICES: "secretsmanager,ssm,sts,iam",
      MINISTACK_ACCOUNT_ID: "123456789012",
    }),
    healthPath: "/_ministack/health",
  });
}

/** Starts moto 5.2.5 in server mode; ready when the promise resolves. Needs python3; the first start installs it. */
export function startMoto(options: PythonEmulatorOptions = {}): Promise<PythonEmulator> {
  return start(options, {
    name: "moto",
    venv: {
      key: `moto-${MOTO_VERSION}`,
      packages: [`moto[secretsmanager,ssm,sts,iam]==${MOTO_VERSION}`, "flask", "flask-cors"],
    },
    args: (port) => ["-m", "moto.server", "-H", "127.0.0.1", "-p", String(port)],
    environment: () => ({}),
    healthPath: "/moto-api/",
  });
}

async function start(options: PythonEmulatorOptions, launch: Launch): Promise<PythonEmulator> {
  const python = await ensureVenv({
    ...launch.venv,
    ...(options.cacheFolder === undefined ? {} : { cacheFolder: options.cacheFolder }),
  });
  const port = options.port ?? (await freePort());
  const child = spawn(python, [...launch.args(port)], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PYTHONUNBUFFERED: "1", ...launch.environment(port) },
  });
  const output = tailOf(child);
  const killAtExit = () => child.kill("SIGKILL");
  process.once("exit", killAtExit);
  const stop = async () => {
    process.off("exit", killAtExit);
    await end(child);
  };
  const endpoint = `http://127.0.0.1:${port}`;
  try {
    await untilReady(child, `${endpoint}${launch.healthPath}`);
  } catch (error) {
    await stop();
    throw new Error(`${launch.name} did not become ready: ${output()}`, { cause: error });
  }
  return { name: launch.name, endpoint, stop };
}

async function untilReady(child: ChildProcess, url: string): Promise<void> {
  const deadline = AbortSignal.timeout(READY_TIMEOUT_MS);
  for (;;) {
    deadline.throwIfAborted();
    if (child.exitCode !== null || child.signalCode !== null) throw new Error("the process ended");
    const status = await fetch(url, { signal: deadline }).then(
      async (response) => {
        await response.body?.cancel();
        return response.status;
      },
      () => 0,
    );
    if (status === 200) return;
    await delay(POLL_MS, undefined, { signal: deadline });
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
}

function tailOf(child: ChildProcess): () => string {
  let text = "";
  const keep = (chunk: Buffer) => {
    text = (text + chunk.toString("utf8")).slice(-KEPT_OUTPUT_CHARACTERS);
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  child.on("error", (error) => keep(Buffer.from(error.message)));
  return () => text;
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
