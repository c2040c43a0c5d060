/** How AWS's JSON services fail, by the proxy in front of the emulator. */
import type { ContractFaults } from "./definition.ts";
import type { FaultProxy } from "./fault-proxy.ts";

/** The switches of a world whose requests all go through the proxy. */
export function awsFaults(proxy: FaultProxy): ContractFaults {
  const json = { "content-type": "application/x-amz-json-1.1" };
  return {
    throttle: (count, seconds) =>
      proxy.failNext({
        status: 400,
        count,
        headers: { ...json, ...(seconds === undefined ? {} : { "retry-after": String(seconds) }) },
        body: JSON.stringify({ __type: "ThrottlingException", Message: "Rate exceeded" }),
      }),
    breakDown: (count) =>
      proxy.failNext({ status: 500, count, headers: json, body: JSON.stringify({ __type: "InternalServiceError" }) }),
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
