/** A cluster of the ground for conformance cases: a real API server with our CRDs, and controllers of this process. */
import { systemClock } from "../../../api/clock.ts";
import { CONTROLLER_FLAGS } from "../../../cli/controller-flags.ts";
import { controllerOptionsOf } from "../../../cli/controller-options.ts";
import { parseFlags } from "../../../cli/parse-flags.ts";
import { createKubeClient } from "../../../controller/kube/client.ts";
import type { KubeObject } from "../../../controller/kube/contracts.ts";
import { loadKubeConfig } from "../../../controller/kube/kube-config.ts";
import { runController } from "../../../controller/run.ts";
import type { ControllerSurroundings } from "../../../controller/surroundings.ts";
import { installCrds } from "../../controller/ground-controller.ts";
import { keepingLogger } from "../../controller/kube/test-parts.ts";
import { eventually } from "../../eventually.ts";
import { type ControlPlane, startControlPlane } from "../../ground/index.ts";
import { type CaseObject, collectionOf, pathOf } from "./case-objects.ts";
import { ClusterView } from "./cluster-view.ts";
import { type MetricSample, parseMetrics } from "./metrics-text.ts";

export interface GroundCluster {
  readonly plane: ControlPlane;
  readonly view: ClusterView;
  /** Fails where the API server refuses it. */
  create(object: CaseObject, fieldManager?: string): Promise<KubeObject>;
  /** A JSON merge patch. */
  patch(object: CaseObject, merge: unknown): Promise<KubeObject>;
  /** Takes its metadata (the resource version too) from what is there. */
  replace(object: CaseObject, change: (present: object) => object): Promise<KubeObject>;
  delete(object: CaseObject): Promise<void>;
  createNamespace(name: string, labels?: unknown): Promise<void>;
  startController(settings: ControllerSettings): Promise<RunningController>;
  stop(): Promise<void>;
}

export interface ControllerSettings extends Partial<Pick<ControllerSurroundings, "bindBackend" | "environment">> {
  /** Of the command line, such as `--enable-flood-gate=false`. */
  readonly flags?: readonly string[];
}

export interface RunningController {
  /** What `/metrics` serves; not older than 200 ms. */
  metrics(): Promise<readonly MetricSample[]>;
  stop(): Promise<void>;
}

/** How old the numbers may be that a case sees. */
const METRICS_AGE_MS = 200;

/** Starts the API server and applies the CRDs; no controller yet. */
export async function startGroundCluster(): Promise<GroundCluster> {
  const plane = await startControlPlane();
  const abort = new AbortController();
  const config = await loadKubeConfig({ environment: { KUBECONFIG: plane.kubeconfigPath } });
  const kube = createKubeClient(config, { clock: systemClock, qps: 0 });
  await installCrds(plane);
  await untilServed(plane);
  return {
    ...{ plane, ...writes(plane) },
    view: new ClusterView(kube, abort.signal),
    startController: (settings) => startController(plane, settings),
    async stop() {
      abort.abort(new Error("the cases are over"));
      kube.close();
      await plane.stop();
    },
  };
}

/** A CRD that was applied is served some time later. */
async function untilServed(plane: ControlPlane): Promise<void> {
  for (const plural of ["secretstores", "clustersecretstores", "externalsecrets"]) {
    const path = `/apis/external-secrets.io/v1/${plural}?limit=1`;
    const isServed = async () => (await plane.request({ path })).status === 200;
    await eventually(`${plural} served`, isServed, { limitMs: 30_000 });
  }
}

type Writes = Pick<GroundCluster, "create" | "patch" | "replace" | "delete" | "createNamespace">;

function writes(plane: ControlPlane): Writes {
  const send = async (method: string, path: string, body?: unknown, contentType?: string) => {
    const answer = await plane.request({ method, path, body, ...(contentType && { contentType }), timeoutMs: 30_000 });
    if (answer.status < 300) return answer.body as KubeObject;
    const { message } = answer.body as { readonly message?: string };
    throw new Error(`the API server answers ${answer.status} to ${method} ${path}: ${message ?? ""}`);
  };
  const create: Writes["create"] = (object, fieldManager = "conformance") =>
    send("POST", `${collectionOf(object)}?fieldManager=${encodeURIComponent(fieldManager)}`, object);
  return {
    create,
    patch: (object, merge) => send("PATCH", pathOf(object), merge, "application/merge-patch+json"),
    async replace(object, change) {
      return send("PUT", pathOf(object), change(await send("GET", pathOf(object))));
    },
    async delete(object) {
      await send("DELETE", pathOf(object));
    },
    async createNamespace(name, labels) {
      await create({ apiVersion: "v1", kind: "Namespace", metadata: { name, ...Object({ labels }) } });
    },
  };
}

async function startController(plane: ControlPlane, settings: ControllerSettings): Promise<RunningController> {
  const config = await loadKubeConfig({ environment: { KUBECONFIG: plane.kubeconfigPath } });
  const kube = createKubeClient(config, { clock: systemClock, qps: 0 });
  const abort = new AbortController();
  const args = ["--metrics-addr=127.0.0.1:0", "--live-addr=0", ...(settings.flags ?? [])];
  const options = controllerOptionsOf(parseFlags(CONTROLLER_FLAGS, args), {
    name: "conformance",
    namespace: "default",
  });
  const listening = Promise.withResolvers<{ readonly metrics?: number }>();
  const running = runController(options, {
    ...{ kube, clock: systemClock, logger: keepingLogger(), random: Math.random, signal: abort.signal },
    environment: settings.environment ?? {},
    onListening: listening.resolve,
    ...(settings.bindBackend && { bindBackend: settings.bindBackend }),
  });
  const { metrics: port } = await Promise.race([listening.promise, running.then(() => ({ metrics: 0 }))]);
  let last = { at: Number.NEGATIVE_INFINITY, samples: Promise.resolve<readonly MetricSample[]>([]) };
  return {
    metrics() {
      if (performance.now() - last.at > METRICS_AGE_MS) last = { at: performance.now(), samples: readMetrics(port) };
      return last.samples;
    },
    async stop() {
      abort.abort(new Error("the cases are over"));
      await running;
      kube.close();
    },
  };
}

async function readMetrics(port: number | undefined): Promise<readonly MetricSample[]> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(10_000) });
  return parseMetrics(await answer.text());
}
