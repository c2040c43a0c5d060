/** The controller in the process of the test, on a real API server: it needs no build. */
import { systemClock } from "../../api/clock.ts";
import { createKubeClient } from "../../controller/kube/client.ts";
import { loadKubeConfig } from "../../controller/kube/kube-config.ts";
import { type ControllerOptions, DEFAULT_OPTIONS } from "../../controller/options.ts";
import { runController } from "../../controller/run.ts";
import { keepingLogger, type LogLine } from "../controller/kube/test-parts.ts";
import type { ControlPlane } from "../ground/index.ts";

export interface InProcessController {
  readonly lines: readonly LogLine[];
  /** What `/metrics` shows. */
  metrics(): Promise<string>;
  /** The port of `/metrics`. */
  readonly metricsPort: number | undefined;
  stop(): Promise<void>;
}

/** Returns when its addresses are listened on. */
export async function startInProcessController(
  plane: ControlPlane,
  options: Partial<ControllerOptions> = {},
): Promise<InProcessController> {
  const config = await loadKubeConfig({ kubeconfigPath: plane.kubeconfigPath, environment: {} });
  const kube = createKubeClient(config, { clock: systemClock });
  const logger = keepingLogger();
  const abort = new AbortController();
  const listening = Promise.withResolvers<{ readonly metrics?: number }>();
  const running = runController(
    { ...DEFAULT_OPTIONS, metricsAddress: "127.0.0.1:0", liveAddress: "127.0.0.1:0", ...options },
    {
      ...{ kube, clock: systemClock, logger, random: Math.random, environment: {}, signal: abort.signal },
      onListening: listening.resolve,
    },
  );
  const { metrics } = await Promise.race([listening.promise, running.then(() => ({ metrics: 0 }))]);
  return {
    lines: logger.lines,
    metricsPort: metrics,
    metrics: async () => (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text(),
    async stop() {
      abort.abort(new Error("the test stops the controller"));
      await running;
      kube.close();
    },
  };
}
