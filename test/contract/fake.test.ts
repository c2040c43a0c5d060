/** The contract, for the backend `fake`. */
import { createFakeBackend } from "../../providers/fake/index.ts";
import type { ContractWorld } from "./definition.ts";
import { createStoreContext } from "./store-context.ts";
import { contractSuite } from "./suite.ts";

async function start(): Promise<ContractWorld> {
  const backend = createFakeBackend();
  const values = new Map<string, string>();
  return {
    credentials: [],
    open: ({ clock, requestTimeoutMs } = {}) => {
      const data = [...values].map(([key, value]) => ({ key, value }));
      const changed = { ...(clock && { clock }), ...(requestTimeoutMs && { requestTimeoutMs }) };
      return backend.open({ data }, createStoreContext(changed), AbortSignal.timeout(5_000));
    },
    put: async (key, value) => void values.set(key, new TextDecoder().decode(value)),
    delete: async (key) => void values.delete(key),
    stop: async () => {},
  };
}

contractSuite({
  name: "fake",
  capabilities: { values: "text", versions: false, tags: false, push: true, network: false },
  start,
});
