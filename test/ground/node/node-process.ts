/** The node's processes: started in their namespaces, joined to this machine and to the control plane, and waited for. */
import { copyFile, readlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { ClusterPki } from "../cluster-pki.ts";
import type { ControlPlane } from "../control-plane.ts";
import { logTail } from "../process/log-tail.ts";
import type { SupervisedProcess } from "../process/supervised-process.ts";
import type { Supervisor } from "../process/supervisor.ts";
import { waitUntil } from "../process/wait-until.ts";
import { connectNode, type NodeNetwork } from "./node-network.ts";
import type { NodePrograms } from "./node-programs.ts";

const SCRIPT = fileURLToPath(new URL("./node-init.sh", import.meta.url));
const NAMESPACES = ["--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"];
const READY_MS = 90_000;

export interface NodeProcessInputs {
  readonly supervisor: Supervisor;
  readonly network: NodeNetwork;
  readonly programs: NodePrograms;
  readonly kubePaths: Readonly<Record<"kubelet" | "kube-proxy", string>>;
  readonly nodeName: string;
  /** Archives, imported before the kubelet starts. */
  readonly images: readonly string[];
  readonly signal: AbortSignal | undefined;
}

/** Starts containerd and loads the images; kubelet and kube-proxy wait for `letNodeJoin`. */
export async function startNodeProcess(inputs: NodeProcessInputs): Promise<SupervisedProcess> {
  const { supervisor, network, programs, kubePaths, nodeName, signal } = inputs;
  const own = await readlink("/proc/self/ns/net");
  const node = await supervisor.start({
    name: "node",
    command: "unshare",
    args: [...NAMESPACES, "bash", SCRIPT, ...inputs.images.map((image) => resolve(image))],
    cwd: "/",
    env: {
      PATH: programs.searchPath,
      ...(programs.libraryPath === "" ? {} : { LD_LIBRARY_PATH: programs.libraryPath }),
      FOLDER: supervisor.folder,
      HOST_ADDRESS: network.hostAddress,
      NODE_ADDRESS: network.nodeAddress,
      NODE_NAME: nodeName,
      KUBELET: kubePaths.kubelet,
      KUBE_PROXY: kubePaths["kube-proxy"],
    },
    signal,
  });
  await waitUntil(
    "the node's network namespace",
    async () => {
      if (!node.isRunning()) throw new Error(`the node ended at once; its log ends with:\n${await node.logTail()}`);
      return (await readlink(`/proc/${node.pid}/ns/net`)) !== own;
    },
    { timeoutMs: 10_000, signal },
  );
  await connectNode(network, node.pid, signal);
  return node;
}

/** Gives the node its credentials, upon which kubelet and kube-proxy start. */
export async function letNodeJoin(pki: ClusterPki, folder: string): Promise<void> {
  for (const name of ["ca.crt", "kubelet-serving.crt", "kubelet-serving.key"]) {
    await copyFile(join(pki.folder, name), join(folder, name));
  }
  await copyFile(pki.kubeconfigPaths.kubelet, join(folder, "kubelet.kubeconfig"));
  await copyFile(pki.kubeconfigPaths.proxy, join(folder, "kube-proxy.kubeconfig"));
  await writeFile(join(folder, "start"), "");
}

/** Waits until the node's condition Ready is True, at most 90 s. @throws an error with the ends of the logs. */
export async function waitUntilNodeReady(inputs: {
  readonly controlPlane: ControlPlane;
  readonly node: SupervisedProcess;
  readonly folder: string;
  readonly nodeName: string;
  readonly signal: AbortSignal | undefined;
}): Promise<void> {
  const { controlPlane, node, folder, nodeName, signal } = inputs;
  const isReady = async (limit: AbortSignal) => {
    if (!node.isRunning()) throw new Error("a component of the node ended");
    const { status, body } = await controlPlane.request({ path: `/api/v1/nodes/${nodeName}`, signal: limit });
    return status === 200 && readyStatus(body) === "True";
  };
  try {
    await waitUntil(`node ${nodeName} ready`, isReady, { timeoutMs: READY_MS, intervalMs: 100, signal });
  } catch (error) {
    signal?.throwIfAborted();
    const logs = [`node.log:\n${await node.logTail()}`];
    for (const name of ["containerd", "kubelet", "kube-proxy"]) {
      logs.push(`${name}.log:\n${await logTail(join(folder, `${name}.log`), 5)}`);
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${reason}; the logs end with\n${logs.join("\n")}`, { cause: error });
  }
}

function readyStatus(node: unknown): string | undefined {
  const { status } = node as { status?: { conditions?: readonly { type: string; status: string }[] } };
  return status?.conditions?.find(({ type }) => type === "Ready")?.status;
}
