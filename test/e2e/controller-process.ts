/** The built controller as a process, as a person runs it outside of a cluster. Needs `npm run build` before. */
import { readFile } from "node:fs/promises";
import { bundleFile } from "../../scripts/bundle.ts";
import { CONTROLLER_ENV, CONTROLLER_NODE_FLAGS } from "../../scripts/image/controller-process.ts";
import { createSupervisor, freePorts } from "../ground/index.ts";

/** A running controller. */
export interface ControllerProcess {
  /** All that it has printed. */
  output(): Promise<string>;
  /** What it answers on a path of its health or metrics address. */
  get(path: "/healthz" | "/readyz" | "/metrics"): Promise<{ readonly status: number; readonly body: string }>;
  /** Ends it as Kubernetes does, by SIGTERM; gives its exit code. */
  stop(): Promise<number | null>;
  /** Ends it as a machine that fails: by SIGKILL. */
  kill(): Promise<void>;
}

/** Starts it and returns when it is ready. `flags` are added to those for addresses, kubeconfig and log level. */
export async function startControllerProcess(options: {
  readonly kubeconfigPath: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
}): Promise<ControllerProcess> {
  const supervisor = await createSupervisor({ prefix: "e2e-controller" });
  const [live, metrics] = await freePorts(2);
  const get = async (path: string) => {
    const port = path === "/metrics" ? metrics : live;
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(5_000) });
    return { status: response.status, body: await response.text() };
  };
  const isReady = () =>
    get("/readyz").then(
      ({ status }) => status === 200,
      () => false,
    );
  const addresses = [`--live-addr=127.0.0.1:${live}`, `--metrics-addr=127.0.0.1:${metrics}`];
  try {
    const started = await supervisor.start({
      name: "controller",
      command: process.execPath,
      args: [
        ...CONTROLLER_NODE_FLAGS,
        bundleFile,
        "controller",
        `--kubeconfig=${options.kubeconfigPath}`,
        "--loglevel=debug",
        ...addresses,
        ...(options.flags ?? []),
      ],
      env: { PATH: process.env.PATH, ...CONTROLLER_ENV, ...options.env },
      isReady,
    });
    return {
      output: () => readFile(started.logPath, "utf8"),
      get,
      async stop() {
        const { code } = await started.stop(15_000);
        await supervisor.stop();
        return code;
      },
      async kill() {
        await started.stop(0);
        await supervisor.stop(0);
      },
    };
  } catch (error) {
    await supervisor.stop(0);
    throw error;
  }
}
