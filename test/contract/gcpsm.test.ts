/** The contract, for the backend `gcpsm` against our emulator of Google's services, behind a proxy that can fail. */
import type { GcpSmProviderSpec } from "../../api/stores/gcpsm.ts";
import { createGcpSmBackend } from "../../providers/gcpsm/index.ts";
import { googleEnvironment, PROJECT, startGoogleEmulator } from "../ground/gcp/index.ts";
import type { ContractFaults, ContractWorld, OpenOptions } from "./definition.ts";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";
import { createStoreContext } from "./store-context.ts";
import { contractSuite } from "./suite.ts";

const PAGE_SIZE = 30;

async function start(location: string | undefined): Promise<ContractWorld> {
  // The suite's values go beyond Google's limit, and its clocks stand still at another time.
  const emulator = await startGoogleEmulator({ maxValueBytes: 1_000_000, maxPageSize: PAGE_SIZE, checksTimes: false });
  const proxy = await startFaultProxy(emulator.endpoint);
  const backend = createGcpSmBackend({ random: () => 0.5 });
  const keys = { all: emulator.accountKey("all"), none: emulator.accountKey("none", []) };
  const region = location === undefined ? {} : { location };
  const spec: GcpSmProviderSpec = {
    projectID: PROJECT,
    ...region,
    auth: { secretRef: { secretAccessKeySecretRef: { name: "google", key: "key.json" } } },
  };
  return {
    credentials: Object.values(keys).flatMap(({ private_key }) => private_key.split("\n").slice(1, -2)),
    faults: googleFaults(proxy),
    open({ clock, requestTimeoutMs, access = "all" }: OpenOptions = {}) {
      const context = createStoreContext({
        secrets: { "google/key.json": JSON.stringify(keys[access]) },
        environment: googleEnvironment(proxy.address),
        ...(clock && { clock }),
        ...(requestTimeoutMs && { requestTimeoutMs }),
      });
      return backend.open(spec, context, AbortSignal.timeout(10_000));
    },
    put: async (key, value, labels) => emulator.put(key, value, { ...region, ...(labels && { labels }) }),
    versionOf: async (key) => emulator.latestVersion(key, location),
    delete: async (key) => emulator.remove(key, location),
    async stop() {
      await proxy.stop();
      await emulator.stop();
    },
  };
}

function googleFaults(proxy: FaultProxy): ContractFaults {
  const headers = { "content-type": "application/json" };
  const body = (code: number, status: string) =>
    JSON.stringify({ error: { code, message: "Quota exceeded.", status } });
  return {
    throttle: (count, seconds) =>
      proxy.failNext({
        status: 429,
        count,
        headers: { ...headers, ...(seconds === undefined ? {} : { "retry-after": String(seconds) }) },
        body: body(429, "RESOURCE_EXHAUSTED"),
      }),
    breakDown: (count) => proxy.failNext({ status: 503, count, headers, body: body(503, "UNAVAILABLE") }),
    garble: (count) => proxy.failNext({ status: 200, count, body: "<html>welcome</html>" }),
    misroute: (count) => proxy.failNext({ status: 404, count, body: "<html>no such page</html>" }),
    hang: () => proxy.hang(),
    disconnect: () => proxy.down(),
    async heal() {
      proxy.heal();
      await proxy.up();
    },
  };
}

const capabilities = {
  values: "bytes",
  versions: true,
  tags: true,
  tagsProperty: "labels",
  push: true,
  network: true,
  pageSize: PAGE_SIZE,
} as const;

contractSuite({ name: "gcpsm, global secrets", capabilities, start: () => start(undefined) });
contractSuite({ name: "gcpsm, regional secrets", capabilities, start: () => start("europe-west3") });
