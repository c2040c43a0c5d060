/** The contract, for the backend `azurekv` against our emulator of Azure, behind a proxy that can fail. */
import type { AzureKvProviderSpec } from "../../api/stores/azurekv.ts";
import { createAzureKvBackend } from "../../providers/azurekv/index.ts";
import { EXAMPLE_APPLICATION, EXAMPLE_TENANT, startAzureEmulator } from "../ground/azure/index.ts";
import type { ContractFaults, ContractWorld, OpenOptions } from "./definition.ts";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";
import { createStoreContext } from "./store-context.ts";
import { contractSuite } from "./suite.ts";

const POWERLESS = { clientId: "powerless-client", secrets: ["powerless-client-secret"], permissions: [] };

const SPEC = {
  tenantId: EXAMPLE_TENANT,
  authSecretRef: { clientId: { name: "azure", key: "id" }, clientSecret: { name: "azure", key: "secret" } },
} as const;

async function start(): Promise<ContractWorld> {
  const applications = [EXAMPLE_APPLICATION, POWERLESS];
  // The suite's values go beyond Azure's limit.
  const emulator = await startAzureEmulator({ applications, resource: "http://127.0.0.1", maxValueBytes: 1_000_000 });
  const proxy = await startFaultProxy(emulator.endpoint);
  const backend = createAzureKvBackend({ random: () => 0.5 });
  const { secrets } = emulator.tables;
  const customCloudConfig = { activeDirectoryEndpoint: proxy.address, keyVaultEndpoint: emulator.resource };
  const spec: AzureKvProviderSpec = { ...SPEC, vaultUrl: proxy.address, customCloudConfig };
  return {
    credentials: [EXAMPLE_APPLICATION.secrets[0], POWERLESS.secrets[0] ?? ""],
    faults: azureFaults(proxy),
    open({ clock, requestTimeoutMs, access = "all" }: OpenOptions = {}) {
      const {
        clientId,
        secrets: [secret = ""],
      } = access === "all" ? EXAMPLE_APPLICATION : POWERLESS;
      const context = createStoreContext({
        secrets: { "azure/id": clientId, "azure/secret": `${secret}\n` },
        ...(clock && { clock }),
        ...(requestTimeoutMs && { requestTimeoutMs }),
      });
      return backend.open(spec, context, AbortSignal.timeout(10_000));
    },
    async put(key, value, tags) {
      secrets.purge(key);
      secrets.add(key, { value: Buffer.from(value).toString("utf8") }, tags === undefined ? {} : { tags });
    },
    versionOf: async (key) => secrets.find(key)?.id ?? "",
    delete: async (key) => secrets.delete(key),
    async stop() {
      await proxy.stop();
      await emulator.stop();
    },
  };
}

function azureFaults(proxy: FaultProxy): ContractFaults {
  const headers = { "content-type": "application/json" };
  const body = (code: string) => JSON.stringify({ error: { code, message: "" } });
  return {
    throttle: (count, seconds) =>
      proxy.failNext({
        status: 429,
        count,
        headers: { ...headers, ...(seconds === undefined ? {} : { "retry-after": String(seconds) }) },
        body: body("Throttled"),
      }),
    breakDown: (count) => proxy.failNext({ status: 500, count, headers, body: body("InternalServerError") }),
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

contractSuite({
  name: "azurekv, client secret",
  capabilities: {
    values: "text",
    versions: true,
    tags: true,
    extractedTag: (key, tag) => `${key}_${tag}`,
    push: true,
    network: true,
    pageSize: 25,
  },
  start,
});
