/** What benches of the controller run on: an API server, a Vault with 100 secrets, ExternalSecrets over them, and the controller. */
import { systemClock } from "../../api/clock.ts";
import { EXTERNAL_SECRET, SECRET_STORE } from "../../api/resource-types.ts";
import { createKubeClient } from "../../controller/kube/client.ts";
import type { KubeClient, KubeObject } from "../../controller/kube/contracts.ts";
import { loadKubeConfig } from "../../controller/kube/kube-config.ts";
import { bundleFile } from "../../scripts/bundle.ts";
import { CONTROLLER_ENV, CONTROLLER_NODE_FLAGS } from "../../scripts/image/controller-process.ts";
import { installCrds } from "../e2e/cluster-objects.ts";
import {
  type ControlPlane,
  createSupervisor,
  freePorts,
  startControlPlane,
  startVault,
  type Vault,
  waitUntil,
} from "../ground/index.ts";
import { processUsage } from "./process-usage.ts";

/** Secrets in Vault that the ExternalSecrets share. */
export const REMOTE_SECRETS = 100;
/** Where the controller's ExternalSecrets are. */
export const NAMESPACE = "bench";
export const SECRET = { group: "", version: "v1", kind: "Secret", plural: "secrets", namespaced: true } as const;

const PARALLEL_WRITES = 32;
const NAMESPACE_TYPE = {
  group: "",
  version: "v1",
  kind: "Namespace",
  plural: "namespaces",
  namespaced: false,
} as const;
/** Limit of one scenario. */
const TIMEOUT_MS = 30 * 60_000;

export interface Ground {
  readonly controlPlane: ControlPlane;
  readonly vault: Vault;
  readonly kube: KubeClient;
  readonly signal: AbortSignal;
}

/** The controller as a process. */
export interface BenchController {
  usage(): ReturnType<typeof processUsage>;
  /** Requests to Vault so far, of whatever kind. */
  backendRequests(): Promise<number>;
  stop(): Promise<void>;
}

/** Runs `work` on a ground of its own, where without the controller manager nobody but the measured ones writes. */
export async function onGround<T>(
  onProgress: (line: string) => void,
  work: (ground: Ground) => Promise<T>,
): Promise<T> {
  const controlPlane = await startControlPlane({ controllerManager: false, onProgress });
  try {
    const vault = await startVault({ onProgress });
    const config = await loadKubeConfig({ kubeconfigPath: controlPlane.kubeconfigPath, environment: {} });
    const kube = createKubeClient(config, { clock: systemClock, qps: 0 });
    try {
      await installCrds(controlPlane);
      return await work({ controlPlane, vault, kube, signal: AbortSignal.timeout(TIMEOUT_MS) });
    } finally {
      kube.close();
      await vault.stop();
    }
  } finally {
    await controlPlane.stop();
  }
}

/** 32 at once. */
export async function inParallel(count: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: PARALLEL_WRITES }, worker));
}

/** Two keys of one remote secret. */
export function externalSecret(namespace: string, name: string, remote: number, refreshInterval: string): KubeObject {
  const remoteRef = (property: string) => ({ key: `app-${remote % REMOTE_SECRETS}`, property });
  const spec = {
    refreshInterval,
    secretStoreRef: { name: "vault", kind: "SecretStore" },
    data: ["username", "password"].map((property) => ({ secretKey: property, remoteRef: remoteRef(property) })),
  };
  const object = { metadata: { name, namespace }, spec };
  return object;
}

/** A namespace with so many ExternalSecrets. */
export async function fill({ kube, signal }: Ground, namespace: string, count: number, interval = "1h"): Promise<void> {
  await kube.create(NAMESPACE_TYPE, { metadata: { name: namespace } }, signal);
  await inParallel(count, (index) =>
    kube.create(EXTERNAL_SECRET, externalSecret(namespace, `es-${index}`, index, interval), signal),
  );
}

/** The secrets in Vault and the store. */
export async function arrange({ kube, vault, signal }: Ground): Promise<void> {
  const values = { username: "user", password: "password" };
  await inParallel(REMOTE_SECRETS, (index) => vault.write(`secret/data/app-${index}`, { data: values }));
  const token = { metadata: { name: "vault-token", namespace: NAMESPACE }, stringData: { token: vault.token } };
  await kube.create(SECRET, token, signal);
  const auth = { tokenSecretRef: { name: "vault-token", key: "token" } };
  const provider = { vault: { server: vault.address, path: "secret", auth } };
  const store = { metadata: { name: "vault", namespace: NAMESPACE }, spec: { provider } };
  await kube.create(SECRET_STORE, store, signal);
}

/** Returns as soon as the process runs. */
export async function startController({ controlPlane }: Ground): Promise<BenchController> {
  const supervisor = await createSupervisor({ prefix: "bench-controller" });
  const [metrics = 0] = await freePorts(1);
  const flags = [`--namespace=${NAMESPACE}`, `--metrics-addr=127.0.0.1:${metrics}`, "--live-addr=127.0.0.1:0"];
  const { pid } = await supervisor.start({
    name: "controller",
    command: process.execPath,
    args: [...CONTROLLER_NODE_FLAGS, bundleFile, "controller", `--kubeconfig=${controlPlane.kubeconfigPath}`, ...flags],
    env: { PATH: process.env.PATH, ...CONTROLLER_ENV },
  });
  return {
    usage: () => processUsage(pid),
    async backendRequests() {
      const url = `http://127.0.0.1:${metrics}/metrics`;
      const text = await (await fetch(url, { signal: AbortSignal.timeout(10_000) })).text();
      const lines = [...text.matchAll(/^externalsecret_provider_api_calls_count\{[^}]*\} (\S+)$/gm)];
      return lines.reduce((sum, [, value]) => sum + Number(value), 0);
    },
    stop: () => supervisor.stop(),
  };
}

/** Waits until all Secrets are there and all conditions say so. */
export async function untilSynced(ground: Ground, count: number): Promise<void> {
  const allThere = async () => (await secretCount(ground)) === count;
  await waitUntil("all Secrets", allThere, { timeoutMs: TIMEOUT_MS, intervalMs: 100 });
  const allReady = async () => (await readyCount(ground)) === count;
  await waitUntil("all conditions", allReady, { timeoutMs: TIMEOUT_MS, intervalMs: 250 });
}

/** ExternalSecrets of the namespace whose condition Ready is True. */
async function readyCount({ controlPlane }: Ground): Promise<number> {
  const path = `/apis/external-secrets.io/v1/namespaces/${NAMESPACE}/externalsecrets`;
  const { body } = await controlPlane.request({ path, timeoutMs: 60_000 });
  const { items } = body as {
    items: readonly { status?: { conditions?: readonly { type: string; status: string }[] } }[];
  };
  const isReady = ({ status }: (typeof items)[number]) =>
    status?.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True") ?? false;
  return items.filter(isReady).length;
}

/** Secrets of the namespace, the store's credential aside; the API server counts them without sending them. */
async function secretCount({ controlPlane }: Ground): Promise<number> {
  const { body } = await controlPlane.request({ path: `/api/v1/namespaces/${NAMESPACE}/secrets?limit=1` });
  const { items, metadata } = body as { items: readonly unknown[]; metadata: { remainingItemCount?: number } };
  return items.length + (metadata.remainingItemCount ?? 0) - 1;
}
