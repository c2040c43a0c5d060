/** The contract, for the backend `aws` against our emulator of Parameter Store, behind a proxy that can fail. */
import { startAwsWorld } from "./aws-world.ts";
import { contractSuite } from "./suite.ts";

contractSuite({
  name: "aws, Parameter Store",
  capabilities: { values: "text", versions: true, tags: true, push: true, network: true, pageSize: 50 },
  start: () =>
    startAwsWorld("ParameterStore", (emulator) => ({
      async put(key, value, tags = {}) {
        emulator.parameters.put(key, Buffer.from(value).toString("utf8"), { tags });
      },
      versionOf: async (key) => String(emulator.parameters.get(key)?.version),
      delete: async (key) => void emulator.parameters.remove(key),
    })),
});
