/** A real node for a control plane of its own: kubelet, kube-proxy, containerd and runc in namespaces of their own. */
import { type ControlPlane, type ControlPlaneOptions, startControlPlane } from "../control-plane.ts";
import type { SupervisedProcess } from "../process/supervised-process.ts";
import { createSupervisor, type Supervisor } from "../process/supervisor.ts";
import { resolveTools } from "../tools/resolve-tool.ts";
import { cgroupFolders, mountedCgroups, prepareCgroup } from "./cgroup-folders.ts";
import { type NodeCleanup, startNodeCleanup } from "./node-cleanup.ts";
import { writeNodeConfig } from "./node-config.ts";
import { claimNodeNetwork } from "./node-network.ts";
import { letNodeJoin, type NodeProcessInputs, startNodeProcess, waitUntilNodeReady } from "./node-process.ts";
import { findNodePrograms } from "./node-programs.ts";
import { assertFolderStaysVisible, nodeRefusal } from "./node-requirements.ts";
import { writePauseImage } from "./pause-image.ts";

/** Writing the pause image is copying 130 MB. */
const IMAGE_MS = 60_000;

export interface NodeOptions {
  /** For the control plane; its addresses and its scheduler are set here. */
  readonly controlPlane?: Omit<
    ControlPlaneOptions,
    "hostAddress" | "nodeName" | "nodeAddress" | "scheduler" | "signal" | "onProgress"
  >;
  /** Archives of images (see `scripts/image/`) that pods use with `imagePullPolicy: Never` or `IfNotPresent`. */
  readonly images?: readonly string[];
  /** Default `node1`. */
  readonly nodeName?: string;
  /** Told, in one line each, what takes time. Default: nobody. */
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

export interface GroundNode {
  readonly controlPlane: ControlPlane;
  readonly nodeName: string;
  /** This machine, as pods reach it: a server that binds this address serves pods, and nobody beyond this machine. */
  readonly hostAddress: string;
  readonly nodeAddress: string;
  /** Logs: `node.log`, `containerd.log`, `kubelet.log`, `kube-proxy.log`. */
  readonly folder: string;
  /** Kills node and control plane, and removes links, control groups and files. Idempotent. */
  stop(): Promise<void>;
  /** Leaves all running for good, also when this process ends; returns the process ids. Link and control groups stay. */
  release(): Promise<readonly number[]>;
}

/** What a node consists of; the control plane only once it is started. */
interface Parts {
  readonly cleanup: NodeCleanup;
  readonly supervisor: Supervisor;
  node?: SupervisedProcess;
  controlPlane?: ControlPlane;
}

/**
 * Starts a control plane and a node, and waits until the node is Ready (about 10 s). Several may run at once. Should this
 * process die, all of it ends and goes. Pods reach this machine at `hostAddress` only, and have no name server.
 * @throws an error with the reason and the remedy where the machine cannot run a node (Linux and root are needed); an
 * error with the last lines of the log of what failed. Nothing is left then.
 */
export async function startNode(options: NodeOptions = {}): Promise<GroundNode> {
  const refusal = await nodeRefusal(process.env);
  if (refusal !== undefined) throw new Error(refusal);
  const { onProgress = () => {}, signal } = options;
  const programs = await findNodePrograms({ environment: process.env, onProgress, signal });
  const kubePaths = await resolveTools(["kubelet", "kube-proxy"], { onProgress, signal });
  const hierarchies = await mountedCgroups();
  const network = await claimNodeNetwork(hierarchies);
  const cleanup = await startNodeCleanup(network.name, cgroupFolders(hierarchies, network.name));
  const parts: Parts = { cleanup, supervisor: await createSupervisor({ prefix: "ground-node" }) };
  try {
    await prepareCgroup(hierarchies, network.name);
    return await startIn(parts, { network, programs, kubePaths }, options);
  } catch (error) {
    await stopParts(parts);
    throw error;
  }
}

async function startIn(
  parts: Parts,
  machine: Pick<NodeProcessInputs, "network" | "programs" | "kubePaths">,
  options: NodeOptions,
): Promise<GroundNode> {
  const { onProgress = () => {}, signal, nodeName = "node1" } = options;
  const { supervisor } = parts;
  const { folder } = supervisor;
  const { network } = machine;
  const startedAt = performance.now();
  assertFolderStaysVisible(folder);
  await writeNodeConfig({ folder, nodeName, network, programs: machine.programs });
  const images = [await writePauseImage(folder, signal ?? AbortSignal.timeout(IMAGE_MS)), ...(options.images ?? [])];
  const node = await startNodeProcess({ ...machine, supervisor, nodeName, images, signal });
  parts.node = node;
  const controlPlane = await startControlPlane({
    ...options.controlPlane,
    scheduler: true,
    hostAddress: network.hostAddress,
    nodeAddress: network.nodeAddress,
    nodeName,
    onProgress,
    ...(signal === undefined ? {} : { signal }),
  });
  parts.controlPlane = controlPlane;
  await letNodeJoin(controlPlane.pki, folder);
  await waitUntilNodeReady({ controlPlane, node, folder, nodeName, signal });
  onProgress(`node ${nodeName} ready after ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  let stopped: Promise<void> | undefined;
  return {
    controlPlane,
    nodeName,
    hostAddress: network.hostAddress,
    nodeAddress: network.nodeAddress,
    folder,
    stop() {
      stopped ??= stopParts(parts);
      return stopped;
    },
    async release() {
      await parts.cleanup.release();
      return [...(await supervisor.release()), ...(await controlPlane.release())];
    },
  };
}

/** Processes first, then what they held. Every step is tried. */
async function stopParts({ node, controlPlane, supervisor, cleanup }: Parts): Promise<void> {
  const failures: unknown[] = [];
  const attempt = (step: Promise<unknown> | undefined) => step?.catch((error: unknown) => failures.push(error));
  await attempt(node?.stop(0));
  await attempt(controlPlane?.stop());
  await attempt(cleanup.finish());
  await attempt(supervisor.stop(0));
  if (failures.length > 0) throw new AggregateError(failures, `the node left something behind: ${failures.join("; ")}`);
}
