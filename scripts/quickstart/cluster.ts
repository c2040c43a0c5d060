/** The cluster that the quickstart works on: embedded, embedded with a node, or the person's own. */
import { homedir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../api/clock.ts";
import { createKubeClient } from "../../controller/kube/client.ts";
import type { KubeClient } from "../../controller/kube/contracts.ts";
import { type KubeConfig, loadKubeConfig } from "../../controller/kube/kube-config.ts";
import { createTempFolder, startControlPlane } from "../../test/ground/index.ts";
import { startNode } from "../../test/ground/node/index.ts";
import { bundleFile } from "../bundle.ts";
import { writeControllerImage } from "../image/controller-image.ts";
import type { Cleanup } from "./cleanup.ts";
import type { QuickstartOptions } from "./options.ts";
import type { Progress } from "./progress.ts";

export interface Cluster {
  readonly client: KubeClient;
  readonly config: KubeConfig;
  /** For tools; unset: the person's own files are used as they are. */
  readonly kubeconfigPath: string | undefined;
  readonly context: string | undefined;
  /** An address of this machine that the controller reaches. */
  readonly hostAddress: string;
  /** Reference of the controller's image. */
  readonly image: string;
  /** Whether a node can run the controller as a Pod. */
  readonly runsPods: boolean;
  /** Whether it is thrown away at the end. */
  readonly embedded: boolean;
}

interface Surroundings {
  readonly cleanup: Cleanup;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** A name that no registry has: where a node runs it, it was loaded from the archive. */
const IMAGE = "localhost/external-secrets:quickstart";

async function connect(kubeconfigPath: string | undefined, context: string | undefined, cleanup: Cleanup) {
  const config = await loadKubeConfig({ kubeconfigPath, context, environment: process.env, homeFolder: homedir() });
  const client = createKubeClient(config, { clock: systemClock, userAgent: "external-secrets-quickstart", qps: 0 });
  cleanup.add("the connection to the cluster", () => client.close());
  return { config, client, kubeconfigPath, context };
}

const crdType = {
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  namespaced: false,
} as const;

/** The quickstart would change CRDs that are there already, and remove them at the end: it does not touch such a cluster. */
async function refuseUsedCluster(client: KubeClient, context: string, signal: AbortSignal): Promise<void> {
  const { items } = await client.list(crdType, {}, signal);
  const present = items.filter(({ metadata }) => metadata.name.endsWith(".external-secrets.io"));
  if (present.length === 0) return;
  throw new Error(
    `--context ${context}: the cluster has ${present[0]?.metadata.name} already, so external secrets are in use there; choose a cluster without them`,
  );
}

/** Starts, or connects to, the cluster. @throws Error naming what failed and the remedy. */
export async function openCluster(
  options: QuickstartOptions,
  { cleanup, progress, signal }: Surroundings,
): Promise<Cluster> {
  const onProgress = (line: string) => progress.detail(line);
  const shared = { hostAddress: "127.0.0.1", image: IMAGE, runsPods: false, embedded: true };
  if (options.context !== undefined) {
    const connected = await connect(undefined, options.context, cleanup);
    await refuseUsedCluster(connected.client, options.context, signal);
    progress.line(`using ${connected.config.source} at ${connected.config.server}`);
    return { ...shared, ...connected, embedded: false };
  }
  if (!options.node) {
    const controlPlane = await startControlPlane({ onProgress, signal });
    cleanup.add("the control plane", () => controlPlane.stop());
    return { ...shared, ...(await connect(controlPlane.kubeconfigPath, undefined, cleanup)) };
  }
  const folder = await createTempFolder("quickstart-image");
  cleanup.add("the image's archive", () => folder.remove());
  const archive = join(folder.path, "image.tar");
  await writeControllerImage({
    bundle: bundleFile,
    name: IMAGE,
    version: "quickstart",
    outFile: archive,
    compression: "none",
    signal,
  });
  progress.detail("the controller's image is written");
  const node = await startNode({ images: [archive], onProgress, signal });
  cleanup.add("the node", () => node.stop());
  const connected = await connect(node.controlPlane.kubeconfigPath, undefined, cleanup);
  return { ...shared, ...connected, hostAddress: node.hostAddress, runsPods: true };
}
