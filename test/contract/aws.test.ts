/** The contract, for the backend `aws` against our emulator of Secrets Manager, behind a proxy that can fail. */
import { isUtf8 } from "node:buffer";
import type { AwsProviderSpec } from "../../api/stores/aws.ts";
import { createAwsBackend } from "../../providers/aws/index.ts";
import { EXAMPLE_CREDENTIALS, startAwsEmulator } from "../ground/aws/index.ts";
import { awsFaults } from "./aws-faults.ts";
import type { ContractWorld, OpenOptions } from "./definition.ts";
import { startFaultProxy } from "./fault-proxy.ts";
import { createStoreContext } from "./store-context.ts";
import { contractSuite } from "./suite.ts";

const POWERLESS = { accessKeyId: "AKIAPOWERLESS", secretAccessKey: "powerless-secret-key", policies: [] };

const SPEC: AwsProviderSpec = {
  service: "SecretsManager",
  region: "us-east-1",
  auth: {
    secretRef: {
      accessKeyIDSecretRef: { name: "aws", key: "id" },
      secretAccessKeySecretRef: { name: "aws", key: "key" },
    },
  },
};

async function start(): Promise<ContractWorld> {
  // The suite's values go beyond AWS's limit.
  const emulator = await startAwsEmulator({ credentials: [EXAMPLE_CREDENTIALS, POWERLESS], maxValueBytes: 1_000_000 });
  const proxy = await startFaultProxy(emulator.endpoint);
  const backend = createAwsBackend({ random: () => 0.5 });
  return {
    credentials: [EXAMPLE_CREDENTIALS.secretAccessKey, POWERLESS.secretAccessKey],
    faults: awsFaults(proxy),
    open({ clock, requestTimeoutMs, access = "all" }: OpenOptions = {}) {
      const { accessKeyId, secretAccessKey } = access === "all" ? EXAMPLE_CREDENTIALS : POWERLESS;
      const context = createStoreContext({
        secrets: { "aws/id": accessKeyId, "aws/key": secretAccessKey },
        environment: { AWS_SECRETSMANAGER_ENDPOINT: proxy.address, AWS_STS_ENDPOINT: proxy.address },
        ...(clock && { clock }),
        ...(requestTimeoutMs && { requestTimeoutMs }),
      });
      return backend.open(SPEC, context, AbortSignal.timeout(10_000));
    },
    async put(key, value, tags) {
      const payload = isUtf8(value) ? Buffer.from(value).toString("utf8") : value;
      emulator.put(key, payload, tags === undefined ? {} : { tags });
    },
    versionOf: async (key) => `uuid/${emulator.currentVersion(key)}`,
    delete: async (key) => emulator.remove(key),
    async stop() {
      await proxy.stop();
      await emulator.stop();
    },
  };
}

contractSuite({
  name: "aws, Secrets Manager",
  capabilities: { values: "bytes", versions: true, tags: true, push: true, network: true, pageSize: 100 },
  start,
});
