/** The contract, for the backend `webhook` against a service over TLS, behind a proxy that can fail. */
import { createWebhookBackend } from "../../providers/webhook/index.ts";
import { issueServerCertificate } from "../ground/pki.ts";
import { startScriptedServer } from "../providers/scripted-server.ts";
import type { ContractWorld, OpenOptions } from "./definition.ts";
import { startFaultProxy } from "./fault-proxy.ts";
import { createStoreContext } from "./store-context.ts";
import { contractSuite } from "./suite.ts";

const TOKENS = { all: "token-of-the-reader", none: "token-of-nobody" };

async function start(): Promise<ContractWorld> {
  const values = new Map<string, string>();
  const certificate = await issueServerCertificate();
  const tls = { cert: certificate.certificatePem, key: certificate.privateKeyPem };
  const service = await startScriptedServer(({ url, headers }) => {
    if (headers.authorization !== `Bearer ${TOKENS.all}`) return { status: 403 };
    const value = values.get(new URL(url, "https://localhost").searchParams.get("key") ?? "");
    return value === undefined ? { status: 404 } : { body: { value } };
  }, tls);
  const proxy = await startFaultProxy(service.address, certificate.caPem);
  return {
    credentials: Object.values(TOKENS),
    open({ clock, requestTimeoutMs, access = "all" }: OpenOptions = {}) {
      const context = createStoreContext({
        secrets: { "login/token": TOKENS[access] },
        labels: { "login/external-secrets.io/type": "webhook" },
        ...(clock && { clock }),
        ...(requestTimeoutMs && { requestTimeoutMs }),
      });
      const spec = {
        url: `${proxy.address}/read?key={{ .remoteRef.key }}`,
        headers: { Authorization: "Bearer {{ .login.token }}" },
        secrets: [{ name: "login", secretRef: { name: "login" } }],
        result: { jsonPath: "$.value" },
      };
      return createWebhookBackend({ random: () => 0.5 }).open(spec, context, AbortSignal.timeout(10_000));
    },
    put: async (key, value) => void values.set(key, new TextDecoder("utf-8", { ignoreBOM: true }).decode(value)),
    delete: async (key) => void values.delete(key),
    faults: {
      throttle: (count, seconds) =>
        proxy.failNext({
          status: 429,
          count,
          headers: seconds === undefined ? {} : { "retry-after": String(seconds) },
        }),
      breakDown: (count) => proxy.failNext({ status: 500, count }),
      garble: (count) => proxy.failNext({ status: 200, count, body: "<html>welcome</html>" }),
      // Every 404 of a webhook says that the secret is not there, as in ESO.
      misroute: (count) => proxy.failNext({ status: 400, count, body: "<html>no such page</html>" }),
      hang: () => proxy.hang(),
      disconnect: () => proxy.down(),
      async heal() {
        proxy.heal();
        await proxy.up();
      },
    },
    async stop() {
      await proxy.stop();
      await service.stop();
    },
  };
}

contractSuite({
  name: "webhook",
  capabilities: { values: "text", versions: false, tags: false, push: false, network: true, generic: true },
  start,
});
