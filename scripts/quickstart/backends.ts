/** The two backends, each with the secret that everything is about. */
import { EXAMPLE_CREDENTIALS, startAwsEmulator } from "../../test/ground/aws/index.ts";
import { startVault } from "../../test/ground/index.ts";
import type { Cleanup } from "./cleanup.ts";
import type { Progress } from "./progress.ts";

/** The name of the secret in both backends. */
export const REMOTE_KEY = "my-app/database-credentials";

/** Its first value: example credentials, made up. */
export const FIRST_VALUE = { username: "db_user", password: "supersecretpassword" } as const;

export interface Backends {
  readonly vaultAddress: string;
  readonly vaultToken: string;
  readonly awsEndpoint: string;
  readonly awsCredentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Writes the value into both backends. */
  put(value: Readonly<Record<string, string>>): Promise<void>;
}

/** Starts a development Vault and our AWS emulator on `address`, and writes the first value. */
export async function startBackends(
  address: string,
  { cleanup, progress, signal }: { cleanup: Cleanup; progress: Progress; signal: AbortSignal },
): Promise<Backends> {
  const vault = await startVault({ listenAddress: address, onProgress: (line) => progress.detail(line), signal });
  cleanup.add("Vault", () => vault.stop());
  const aws = await startAwsEmulator({ address });
  cleanup.add("the AWS emulator", () => aws.stop());
  progress.detail(`AWS Secrets Manager emulator ready: ${aws.endpoint}`);
  const put = async (value: Readonly<Record<string, string>>) => {
    await vault.write(`secret/data/${REMOTE_KEY}`, { data: value });
    aws.put(REMOTE_KEY, JSON.stringify(value));
  };
  await put(FIRST_VALUE);
  progress.line(`${REMOTE_KEY} is in both backends`);
  return {
    vaultAddress: vault.address,
    vaultToken: vault.token,
    awsEndpoint: aws.endpoint,
    awsCredentials: EXAMPLE_CREDENTIALS,
    put,
  };
}
