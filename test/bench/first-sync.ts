/** First sync: a controller is started on a cluster full of new ExternalSecrets; beside a client that only writes. */
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
  startControlPlane,
  startVault,
  type Vault,
  waitUntil,
} from "../ground/index.ts";
import { countWrites } from "./api-writes.ts";
import { processUsage } from "./process-usage.ts";
import type { Figures, Scenario, ScenarioOptions } from "./run.ts";

const DEFAULT_OBJECTS = 2_000;
const REMOTE_SECRETS = 100;
const PARALLEL_WRITES = 32;
const FLOOR_NAMESPACE = "floor";
const NAMESPACE = "bench";
const SECRET = { group: "", version: "v1", kind: "Secret", plural: "secrets", namespaced: true } as const;
const NAMESPACE_TYPE = {
  group: "",
  version: "v1",
  kind: "Namespace",
  plural: "namespaces",
  namespaced: false,
} as const;
const TIMEOUT_MS = 10 * 60_000;

interface Ground {
  readonly controlPlane: ControlPlane;
  readonly vault: Vault;
  readonly kube: KubeClient;
  readonly signal: AbortSignal;
}

async function inParallel(count: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: PARALLEL_WRITES }, worker));
}

function externalSecret(namespace: string, index: number): KubeObject {
  const remoteRef = (property: string) => ({ key: `app-${index % REMOTE_SECRETS}`, property });
  const spec = {
    refreshInterval: "1h",
    secretStoreRef: { name: "vault", kind: "SecretStore" },
    data: ["username", "password"].map((property) => ({ secretKey: property, remoteRef: remoteRef(property) })),
  };
  const object = { metadata: { name: `es-${index}`, namespace }, spec };
  return object;
}

async function fill({ kube, signal }: Ground, namespace: string, count: number): Promise<void> {
  await kube.create(NAMESPACE_TYPE, { metadata: { name: namespace } }, signal);
  await inParallel(count, (index) => kube.create(EXTERNAL_SECRET, externalSecret(namespace, index), signal));
}

/** Seconds for the two writes that each object cannot do without. */
async function floor({ kube, signal }: Ground, count: number): Promise<number> {
  const startedAt = performance.now();
  const data = { username: "dXNlcg==", password: "cGFzc3dvcmQ=" };
  const conditions = [{ type: "Ready", status: "True", reason: "SecretSynced", message: "secret synced" }];
  await inParallel(count, async (index) => {
    const name = { namespace: FLOOR_NAMESPACE, name: `es-${index}` };
    const secret = { metadata: name, type: "Opaque", data };
    await kube.create(SECRET, secret, signal);
    await kube.mergePatch(EXTERNAL_SECRET, name, { status: { conditions } }, { subresource: "status" }, signal);
  });
  return (performance.now() - startedAt) / 1000;
}

async function arrange(ground: Ground): Promise<void> {
  const { kube, vault, signal } = ground;
  const values = { username: "user", password: "password" };
  await inParallel(REMOTE_SECRETS, (index) => vault.write(`secret/data/app-${index}`, { data: values }));
  const token = { metadata: { name: "vault-token", namespace: NAMESPACE }, stringData: { token: vault.token } };
  await kube.create(SECRET, token, signal);
  const auth = { tokenSecretRef: { name: "vault-token", key: "token" } };
  const provider = { vault: { server: vault.address, path: "secret", auth } };
  const store = { metadata: { name: "vault", namespace: NAMESPACE }, spec: { provider } };
  await kube.create(SECRET_STORE, store, signal);
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

async function sync(ground: Ground, count: number): Promise<Figures> {
  const { controlPlane } = ground;
  const supervisor = await createSupervisor({ prefix: "bench-controller" });
  const writesBefore = await countWrites(controlPlane);
  const startedAt = performance.now();
  try {
    const addresses = ["--metrics-addr=127.0.0.1:0", "--live-addr=127.0.0.1:0"];
    const controller = await supervisor.start({
      name: "controller",
      command: process.execPath,
      args: [
        ...CONTROLLER_NODE_FLAGS,
        bundleFile,
        "controller",
        `--kubeconfig=${controlPlane.kubeconfigPath}`,
        `--namespace=${NAMESPACE}`,
        ...addresses,
      ],
      env: { PATH: process.env.PATH, ...CONTROLLER_ENV },
    });
    const allThere = async () => (await secretCount(ground)) === count;
    await waitUntil("all Secrets", allThere, { timeoutMs: TIMEOUT_MS, intervalMs: 100 });
    const allReady = async () => (await readyCount(ground)) === count;
    await waitUntil("all conditions", allReady, { timeoutMs: TIMEOUT_MS, intervalMs: 250 });
    const seconds = (performance.now() - startedAt) / 1000;
    const { cpuMs, residentMiB } = processUsage(controller.pid);
    const writes = (await countWrites(controlPlane)) - writesBefore;
    return {
      seconds,
      perSecond: count / seconds,
      writesPerObject: writes / count,
      cpuMsPerObject: cpuMs / count,
      residentMiB,
    };
  } finally {
    await supervisor.stop();
  }
}

async function measure(ground: Ground, { objects = DEFAULT_OBJECTS, onProgress }: ScenarioOptions): Promise<Figures> {
  await installCrds(ground.controlPlane);
  await fill(ground, FLOOR_NAMESPACE, objects);
  await fill(ground, NAMESPACE, objects);
  await arrange(ground);
  onProgress(`${objects} ExternalSecrets are there, over ${REMOTE_SECRETS} remote secrets`);
  const floorSeconds = await floor(ground, objects);
  onProgress(`the floor took ${floorSeconds.toFixed(1)} s`);
  const figures = await sync(ground, objects);
  return {
    objects,
    floorPerSecond: objects / floorSeconds,
    floorRatio: floorSeconds / (figures.seconds ?? Number.NaN),
    ...figures,
  };
}

/** Objects per second from the start of the process, beside a client that only does the two unavoidable writes. */
export const scenario: Scenario = {
  title: "from the start of the controller until every ExternalSecret is Ready",
  async run(options) {
    const { onProgress } = options;
    // Without the controller manager nobody but the measured ones writes.
    const controlPlane = await startControlPlane({ controllerManager: false, onProgress });
    try {
      const vault = await startVault({ onProgress });
      const config = await loadKubeConfig({ kubeconfigPath: controlPlane.kubeconfigPath, environment: {} });
      const kube = createKubeClient(config, { clock: systemClock, qps: 0 });
      try {
        return await measure({ controlPlane, vault, kube, signal: AbortSignal.timeout(TIMEOUT_MS) }, options);
      } finally {
        kube.close();
        await vault.stop();
      }
    } finally {
      await controlPlane.stop();
    }
  },
};
