/** The contract, for the backend `aws` against our emulator of Secrets Manager, behind a proxy that can fail. */
import { isUtf8 } from "node:buffer";
import { startAwsWorld } from "./aws-world.ts";
import { contractSuite } from "./suite.ts";

contractSuite({
  name: "aws, Secrets Manager",
  capabilities: { values: "bytes", versions: true, tags: true, push: true, network: true, pageSize: 100 },
  start: () =>
    startAwsWorld("SecretsManager", (emulator) => ({
      async put(key, value, tags) {
        const payload = isUtf8(value) ? Buffer.from(value).toString("utf8") : value;
        emulator.put(key, payload, tags === undefined ? {} : { tags });
      },
      versionOf: async (key) => `uuid/${emulator.currentVersion(key)}`,
      delete: async (key) => emulator.remove(key),
    })),
});
