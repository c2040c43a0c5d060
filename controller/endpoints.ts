/** Starts what the controller serves: metrics, liveness and readiness. */
import type { Clock } from "../api/clock.ts";
import type { Assembly } from "./assembly.ts";
import { liveness, readiness } from "./health.ts";
import { ScrapeAuthorizer } from "./metrics-access/authorize-scrape.ts";
import { followTlsFiles, readTlsPair, type TlsPair } from "./metrics-access/tls-files.ts";
import type { ControllerOptions } from "./options.ts";
import { type Answer, type Routes, type RunningServer, startServer } from "./server.ts";
import type { ControllerSurroundings } from "./surroundings.ts";

type EndpointOptions = Pick<ControllerOptions, "metricsAddress" | "liveAddress" | "metricsTls" | "metricsAuth">;

export interface Endpoints {
  close(): Promise<void>;
}

/** As in ESO, `0` means that nothing is served. */
const isServed = (address: string): boolean => address !== "0" && address !== "";

/** @throws Error where an address is none or is taken. */
export async function startEndpoints(
  options: EndpointOptions,
  surroundings: ControllerSurroundings,
  assembly: Assembly,
): Promise<Endpoints> {
  const { clock, logger, onListening } = surroundings;
  addGauges(assembly, clock);
  const { caches } = assembly;
  const startedAtMs = clock.now();
  const live = await serve(options.liveAddress, {
    "/healthz": () => liveness(caches.all, startedAtMs, clock.now()),
    "/readyz": () => readiness(caches.all),
  });
  const served = await serveMetrics(options, surroundings, assembly).catch(async (error) => {
    await live?.close();
    throw error;
  });
  const ports = {
    ...(served === undefined ? {} : { metrics: served.port }),
    ...(live === undefined ? {} : { live: live.port }),
  };
  logger.info("listening", { metricsPort: served?.port, livePort: live?.port });
  onListening?.(ports);
  return {
    async close() {
      await Promise.all([live?.close(), served?.close()]);
    },
  };
}

async function serve(address: string, routes: Routes, tls?: TlsPair): Promise<RunningServer | undefined> {
  return isServed(address) ? startServer(address, routes, tls) : undefined;
}

/** With a certificate, and to those who may only, where it is asked for. */
async function serveMetrics(
  { metricsAddress, metricsTls, metricsAuth }: EndpointOptions,
  { kube, clock, logger }: ControllerSurroundings,
  { metrics: { registry } }: Assembly,
): Promise<RunningServer | undefined> {
  const authorizer = metricsAuth ? new ScrapeAuthorizer(kube, clock) : undefined;
  const answer = async (authorization: string | undefined): Promise<Answer> => {
    const verdict = (await authorizer?.verdict("/metrics", authorization)) ?? 200;
    if (verdict !== 200) return { status: verdict, body: verdict === 401 ? "unauthorized\n" : "forbidden\n" };
    return { status: 200, contentType: registry.contentType, body: await registry.metrics() };
  };
  const tls = metricsTls && (await readTlsPair(metricsTls));
  const server = await serve(metricsAddress, { "/metrics": answer }, tls);
  if (server === undefined || metricsTls === undefined || tls === undefined) return server;
  const stop = new AbortController();
  void followTlsFiles(metricsTls, tls, server.renew, { clock, logger }, stop.signal);
  return {
    ...server,
    async close() {
      stop.abort(new Error("the metrics are no longer served"));
      await server.close();
    },
  };
}

/** What shows whether the controller keeps up and hears the API server. */
function addGauges(
  { metrics, caches, clients, memory, externalSecretQueue, storeQueue }: Assembly,
  clock: Clock,
): void {
  const queues = [
    [{ name: "externalsecret" }, externalSecretQueue],
    [{ name: "store" }, storeQueue],
  ] as const;
  metrics.addGauge({
    name: "workqueue_depth",
    help: "Keys that are ready to be worked on.",
    labelNames: ["name"],
    read: () => queues.map(([labels, queue]) => [labels, queue.depth]),
  });
  metrics.addGauge({
    name: "workqueue_oldest_age_seconds",
    help: "How long the oldest ready key has waited.",
    labelNames: ["name"],
    read: () => queues.map(([labels, queue]) => [labels, queue.oldestAgeMs() / 1_000]),
  });
  metrics.addGauge({
    name: "external_secrets_cached_objects",
    help: "Objects in each watch cache.",
    labelNames: ["cache"],
    read: () => caches.all.map(({ name, reflector }) => [{ cache: name }, reflector.size]),
  });
  metrics.addGauge({
    name: "external_secrets_watch_silence_seconds",
    help: "Time since each watch heard the API server last.",
    labelNames: ["cache"],
    read: () => caches.all.map(({ name, reflector }) => [{ cache: name }, reflector.silentForMs() / 1_000]),
  });
  metrics.addGauge({
    name: "external_secrets_open_store_clients",
    help: "Clients of secret backends that are open.",
    read: () => [[{}, clients.size]],
  });
  metrics.addGauge({
    name: "external_secrets_staleness_seconds",
    help: "Time since the last good refresh of an ExternalSecret; none where there was none yet.",
    labelNames: ["name", "namespace"],
    read: () => staleness({ caches, memory }, clock.now()),
  });
}

function* staleness({ caches, memory }: Pick<Assembly, "caches" | "memory">, nowMs: number) {
  for (const externalSecret of caches.externalSecrets.list()) {
    const { name, namespace = "" } = externalSecret.metadata;
    const refreshedAtMs = memory.refreshedAtMs(`${namespace}/${name}`, externalSecret);
    if (refreshedAtMs !== undefined) yield [{ name, namespace }, Math.max(0, nowMs - refreshedAtMs) / 1_000] as const;
  }
}
