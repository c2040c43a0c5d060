/** What the suite runs against: an API server and a Vault behind doors that can be shut, and the AWS emulator. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type AwsEmulator, EXAMPLE_CREDENTIALS, startAwsEmulator } from "../ground/aws/index.ts";
import {
  type ControlPlane,
  createTempFolder,
  startControlPlane,
  startVault,
  type TempFolder,
  type Vault,
  waitUntil,
} from "../ground/index.ts";
import { buildSyncPackage, type SyncPackage } from "./sync-package.ts";
import { startTcpGate, type TcpGate } from "./tcp-gate.ts";

const CRDS = fileURLToPath(new URL("../../crds/", import.meta.url));

export interface SyncWorld {
  readonly cluster: ControlPlane;
  readonly vault: Vault;
  readonly aws: AwsEmulator;
  readonly apiServerDoor: TcpGate;
  readonly vaultDoor: TcpGate;
  readonly folder: TempFolder;
  readonly package: SyncPackage;
  /** Names the API server by its door. */
  readonly kubeconfig: string;
  /** Environment of `pulumi`: the cluster, and the credentials of both backends. */
  readonly env: Readonly<Record<string, string>>;
  /** The provider block for Vault, by its door; its token is `vault`, `token`. */
  readonly vaultStore: object;
  readonly awsStore: object;
  /** `data` of a Secret, decoded; undefined where there is none. */
  secret(namespace: string, name: string): Promise<Readonly<Record<string, string>> | undefined>;
  stop(): Promise<void>;
}

/** Starts all of it at once (about five seconds). */
export async function startSyncWorld(): Promise<SyncWorld> {
  const folder = await createTempFolder("sync");
  const [cluster, vault, aws, built] = await Promise.all([
    startControlPlane({ controllerManager: false }),
    startVault(),
    startAwsEmulator(),
    buildSyncPackage(folder.path),
  ]);
  const [apiServerDoor, vaultDoor] = await Promise.all([cluster.server, vault.address].map(doorTo));
  if (apiServerDoor === undefined || vaultDoor === undefined) throw new Error("there are two doors");
  const kubeconfig = join(folder.path, "kubeconfig");
  const text = await readFile(cluster.kubeconfigPath, "utf8");
  await writeFile(kubeconfig, text.replaceAll(new URL(cluster.server).host, apiServerDoor.address));
  await cluster.kubectl(["apply", "--filename", join(CRDS, "external-secrets.io_secretstores.yaml")]);
  const stores = { path: "/apis/external-secrets.io/v1/secretstores" };
  await waitUntil("SecretStores are served", async () => (await cluster.request(stores)).status === 200);
  return {
    ...{ cluster, vault, aws, apiServerDoor, vaultDoor, folder, kubeconfig, package: built },
    env: {
      KUBECONFIG: kubeconfig,
      VAULT_TOKEN: vault.token,
      AWS_ACCESS_KEY_ID: EXAMPLE_CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: EXAMPLE_CREDENTIALS.secretAccessKey,
      AWS_ENDPOINT_URL: aws.endpoint,
      // Permits --event-log.
      PULUMI_DEBUG_COMMANDS: "true",
    },
    vaultStore: vaultProvider(`http://${vaultDoor.address}`),
    awsStore: { provider: { aws: { service: "SecretsManager", region: "us-east-1" } } },
    async secret(namespace, name) {
      const { status, body } = await cluster.request({ path: `/api/v1/namespaces/${namespace}/secrets/${name}` });
      if (status === 404) return undefined;
      return decoded(body);
    },
    async stop() {
      await Promise.all([apiServerDoor.stop(), vaultDoor.stop(), aws.stop(), vault.stop(), cluster.stop()]);
      await folder.remove();
    },
  };
}

function vaultProvider(server: string): object {
  const auth = { tokenSecretRef: { name: "vault", key: "token" } };
  return { provider: { vault: { server, path: "secret", version: "v2", auth } } };
}

function doorTo(address: string): Promise<TcpGate> {
  const { hostname, port } = new URL(address);
  return startTcpGate({ host: hostname, port: Number(port) });
}

function decoded(body: unknown): Readonly<Record<string, string>> {
  const data = typeof body === "object" && body !== null && "data" in body ? body.data : undefined;
  return Object.fromEntries(
    Object.entries(data ?? {}).map(([key, value]) => [key, Buffer.from(String(value), "base64").toString()]),
  );
}
