/** A Kubernetes control plane of its own: etcd, kube-apiserver and, as asked, the controller manager and the scheduler. */
import { join } from "node:path";
import { type ClusterPki, createClusterPki } from "./cluster-pki.ts";
import {
  apiServerFlags,
  controllerManagerFlags,
  etcdFlags,
  type FlagInputs,
  schedulerFlags,
} from "./control-plane-flags.ts";
import { freePorts } from "./free-port.ts";
import { type KubeRequest, type KubeResponse, kubeRequest } from "./kube-request.ts";
import { type KubectlOptions, type KubectlResult, runKubectl } from "./kubectl.ts";
import type { SupervisedProcess } from "./process/supervised-process.ts";
import { createSupervisor, type Supervisor } from "./process/supervisor.ts";
import { waitUntil } from "./process/wait-until.ts";
import { resolveTools } from "./tools/resolve-tool.ts";

export interface ControlPlaneOptions {
  /** Kept after `stop`; must be empty or not there. Default: a temporary folder, removed by `stop`. */
  readonly folder?: string;
  /** Garbage collection, service accounts and tokens of old, namespace deletion. Default true. */
  readonly controllerManager?: boolean;
  /** Of use only where there is a node. Default false. */
  readonly scheduler?: boolean;
  /** The address that the API server binds and its clients use; must be one of this machine. Default 127.0.0.1. */
  readonly hostAddress?: string;
  /** What the kubelet's certificate names. Default `node1` at 127.0.0.1. */
  readonly nodeName?: string;
  readonly nodeAddress?: string;
  /** More flags of kube-apiserver; a later one wins over an earlier one. */
  readonly apiServerFlags?: readonly string[];
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

export interface ControlPlane {
  /** `https://address:port`; the port stays the same over restarts. */
  readonly server: string;
  /** Of the user `admin` of the group `system:masters`. */
  readonly kubeconfigPath: string;
  readonly caPem: string;
  readonly adminCertificatePem: string;
  readonly adminPrivateKeyPem: string;
  /** Certificates, keys and kubeconfigs of all components, also of the node. */
  readonly pki: ClusterPki;
  /** Data and logs (`<component>.log`). */
  readonly folder: string;
  /** Of the version of the server, or one minor version off. */
  readonly kubectlPath: string;
  /** Runs kubectl as admin. */
  kubectl(args: readonly string[], options?: KubectlOptions): Promise<KubectlResult>;
  /** One request as admin; a refusal is an answer, see `kubeRequest`. */
  request(request: KubeRequest): Promise<KubeResponse>;
  /** SIGKILL; returns when it is gone. */
  killApiServer(): Promise<void>;
  /** Starts it again after `killApiServer` (or kills it first) and waits until it is ready. */
  restartApiServer(): Promise<void>;
  /** The API server stops answering, with its connections open, until it is resumed. */
  pauseApiServer(): void;
  resumeApiServer(): void;
  killEtcd(): Promise<void>;
  restartEtcd(): Promise<void>;
  /** Ends all processes at once and removes a temporary folder. Idempotent. */
  stop(): Promise<void>;
  /** Leaves all running for good, also when this process ends; returns the process ids. */
  release(): Promise<readonly number[]>;
}

const READY_TIMEOUT_MS = 120_000;
/** Another program may take a port between its choice and its use. */
const START_TRIES = 3;

type Paths = Readonly<Record<ToolOfControlPlane, string>>;
type ToolOfControlPlane = "etcd" | "kube-apiserver" | "kube-controller-manager" | "kube-scheduler" | "kubectl";

/**
 * Starts a control plane and waits until it is ready (about 5 s); several may run at once. Each has its own ports,
 * certificates and data. Should this process die, all of it ends and goes.
 * @throws ToolUnavailable; an error with the last lines of the log of the component that failed. Nothing is left then.
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const { signal, onProgress } = options;
  const names: ToolOfControlPlane[] = ["etcd", "kube-apiserver", "kubectl"];
  if (options.controllerManager !== false) names.push("kube-controller-manager");
  if (options.scheduler === true) names.push("kube-scheduler");
  const paths: Paths = await resolveTools(names, { onProgress, signal });
  for (let tries = 1; ; tries++) {
    const supervisor = await createSupervisor({
      prefix: "ground-kube",
      ...(options.folder === undefined ? {} : { folder: options.folder }),
    });
    try {
      return await startIn(supervisor, paths, options);
    } catch (error) {
      await supervisor.stop(0);
      const isPortTaken = error instanceof Error && error.message.includes("address already in use");
      if (!isPortTaken || tries === START_TRIES || options.folder !== undefined) throw error;
    }
  }
}

async function startIn(supervisor: Supervisor, paths: Paths, options: ControlPlaneOptions): Promise<ControlPlane> {
  const { onProgress = () => {}, hostAddress = "127.0.0.1", signal } = options;
  const startedAt = performance.now();
  const inputs = await prepare(supervisor.folder, hostAddress, options);
  const { pki, server } = inputs;
  const request = (each: KubeRequest) => kubeRequest(server, { caPem: pki.caPem, client: pki.admin }, each);
  const isReady = async (limit: AbortSignal) => (await statusOf(request, "/readyz", limit)) === 200;
  const startEtcd = () => supervisor.start({ name: "etcd", command: paths.etcd, args: etcdFlags(inputs), signal });
  const startApiServer = () =>
    supervisor.start({
      name: "kube-apiserver",
      command: paths["kube-apiserver"],
      args: apiServerFlags(inputs, options.apiServerFlags ?? []),
      isReady,
      readyTimeoutMs: READY_TIMEOUT_MS,
      signal,
    });
  const running = { etcd: await startEtcd(), apiServer: await startApiServer() };
  onProgress(`API server ready after ${seconds(startedAt)}`);
  await startControllers(supervisor, paths, inputs, request, options);
  onProgress(`control plane ready after ${seconds(startedAt)}: ${server}`);

  return {
    server,
    kubeconfigPath: pki.kubeconfigPaths.admin,
    caPem: pki.caPem,
    adminCertificatePem: pki.admin.certificatePem,
    adminPrivateKeyPem: pki.admin.privateKeyPem,
    pki,
    folder: supervisor.folder,
    kubectlPath: paths.kubectl,
    kubectl: (args, more) => runKubectl(paths.kubectl, pki.kubeconfigPaths.admin, args, more),
    request,
    ...faults(running, startEtcd, startApiServer),
    stop: () => supervisor.stop(0),
    release: () => supervisor.release(),
  };
}

async function prepare(
  folder: string,
  hostAddress: string,
  options: ControlPlaneOptions,
): Promise<FlagInputs & { readonly server: string }> {
  const [apiServer] = await freePorts(1, hostAddress);
  const [etcd, etcdPeer, controllerManager, scheduler] = await freePorts(4);
  if (!(apiServer && etcd && etcdPeer && controllerManager && scheduler)) throw new Error("too few free ports");
  const server = `https://${hostAddress.includes(":") ? `[${hostAddress}]` : hostAddress}:${apiServer}`;
  const pki = await createClusterPki({
    folder: join(folder, "pki"),
    server,
    nodeName: options.nodeName ?? "node1",
    nodeAddress: options.nodeAddress ?? "127.0.0.1",
  });
  return { folder, hostAddress, pki, server, ports: { etcd, etcdPeer, apiServer, controllerManager, scheduler } };
}

/** They start only when the API server is ready: its own RBAC roles are there only then, and without them they end. */
async function startControllers(
  supervisor: Supervisor,
  paths: Paths,
  inputs: FlagInputs,
  request: ControlPlane["request"],
  { controllerManager = true, scheduler = false, signal }: ControlPlaneOptions,
): Promise<void> {
  if (scheduler) {
    await supervisor.start({
      name: "kube-scheduler",
      command: paths["kube-scheduler"],
      args: schedulerFlags(inputs),
      signal,
    });
  }
  if (!controllerManager) return;
  const account = "/api/v1/namespaces/default/serviceaccounts/default";
  await supervisor.start({
    name: "kube-controller-manager",
    command: paths["kube-controller-manager"],
    args: controllerManagerFlags(inputs),
    isReady: async (limit) => (await statusOf(request, account, limit)) === 200,
    readyTimeoutMs: READY_TIMEOUT_MS,
    signal,
  });
}

type Faults = "killApiServer" | "restartApiServer" | "pauseApiServer" | "resumeApiServer" | "killEtcd" | "restartEtcd";

function faults(
  running: { etcd: SupervisedProcess; apiServer: SupervisedProcess },
  startEtcd: () => Promise<SupervisedProcess>,
  startApiServer: () => Promise<SupervisedProcess>,
): Pick<ControlPlane, Faults> {
  const killApiServer = async () => void (await running.apiServer.stop(0));
  const killEtcd = async () => void (await running.etcd.stop(0));
  return {
    killApiServer,
    async restartApiServer() {
      await killApiServer();
      running.apiServer = await startApiServer();
    },
    pauseApiServer: () => running.apiServer.pause(),
    resumeApiServer: () => running.apiServer.resume(),
    killEtcd,
    async restartEtcd() {
      await killEtcd();
      running.etcd = await startEtcd();
    },
  };
}

/** The status of a GET; 0 where there is no answer (yet). */
async function statusOf(request: ControlPlane["request"], path: string, signal: AbortSignal): Promise<number> {
  try {
    return (await request({ path, signal, timeoutMs: 2000 })).status;
  } catch (error) {
    if (signal.aborted) throw error;
    return 0;
  }
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

/** Waits until the API server has deleted an object: `/api/v1/namespaces/default/secrets/x` answers 404. */
export async function waitUntilGone(controlPlane: ControlPlane, path: string, timeoutMs = 30_000): Promise<void> {
  await waitUntil(`${path} gone`, async (signal) => (await statusOf(controlPlane.request, path, signal)) === 404, {
    timeoutMs,
  });
}
