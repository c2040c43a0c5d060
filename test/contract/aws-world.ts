/** A world of the contract for the backend `aws`: our emulator, behind a proxy that can fail. */
import type { AwsProviderSpec } from "../../api/stores/aws.ts";
import { createAwsBackend } from "../../providers/aws/index.ts";
import { type AwsEmulator, EXAMPLE_CREDENTIALS, startAwsEmulator } from "../ground/aws/index.ts";
import { awsFaults } from "./aws-faults.ts";
import type { ContractWorld, OpenOptions } from "./definition.ts";
import { startFaultProxy } from "./fault-proxy.ts";
import { createStoreContext } from "./store-context.ts";

const POWERLESS = { accessKeyId: "AKIAPOWERLESS", secretAccessKey: "powerless-secret-key", policies: [] };

/** How the secrets of one service are put, named by version and deleted. */
export type AwsSecrets = Pick<ContractWorld, "put" | "versionOf" | "delete">;

function specOf(service: AwsProviderSpec["service"]): AwsProviderSpec {
  const accessKeyIDSecretRef = { name: "aws", key: "id" };
  const secretAccessKeySecretRef = { name: "aws", key: "key" };
  return { service, region: "us-east-1", auth: { secretRef: { accessKeyIDSecretRef, secretAccessKeySecretRef } } };
}

/** Starts the world of one service. */
export async function startAwsWorld(
  service: AwsProviderSpec["service"],
  secretsOf: (emulator: AwsEmulator) => AwsSecrets,
): Promise<ContractWorld> {
  // The suite's values go beyond AWS's limit.
  const emulator = await startAwsEmulator({ credentials: [EXAMPLE_CREDENTIALS, POWERLESS], maxValueBytes: 1_000_000 });
  const proxy = await startFaultProxy(emulator.endpoint);
  const backend = createAwsBackend({ random: () => 0.5 });
  const variables = ["AWS_SECRETSMANAGER_ENDPOINT", "AWS_SSM_ENDPOINT", "AWS_STS_ENDPOINT"];
  return {
    ...secretsOf(emulator),
    credentials: [EXAMPLE_CREDENTIALS.secretAccessKey, POWERLESS.secretAccessKey],
    faults: awsFaults(proxy),
    open({ clock, requestTimeoutMs, access = "all" }: OpenOptions = {}) {
      const { accessKeyId, secretAccessKey } = access === "all" ? EXAMPLE_CREDENTIALS : POWERLESS;
      const context = createStoreContext({
        secrets: { "aws/id": accessKeyId, "aws/key": secretAccessKey },
        environment: Object.fromEntries(variables.map((variable) => [variable, proxy.address])),
        ...(clock && { clock }),
        ...(requestTimeoutMs && { requestTimeoutMs }),
      });
      return backend.open(specOf(service), context, AbortSignal.timeout(10_000));
    },
    async stop() {
      await proxy.stop();
      await emulator.stop();
    },
  };
}
