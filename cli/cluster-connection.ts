/** Connects commands to the cluster that their flags name. */
import { systemClock } from "../api/clock.ts";
import { createKubeClient } from "../controller/kube/client.ts";
import type { KubeClient } from "../controller/kube/contracts.ts";
import { type KubeConfig, loadKubeConfig } from "../controller/kube/kube-config.ts";
import type { Flag, GivenFlags } from "./parse-flags.ts";
import type { ProcessSurroundings } from "./process-surroundings.ts";

/** Flags of all commands that work on a cluster. */
export const CLUSTER_FLAGS: readonly Flag[] = [
  {
    name: "kubeconfig",
    kind: "string",
    default: "",
    help: "A kubeconfig file. Default: KUBECONFIG, the pod's service account, ~/.kube/config.",
  },
  { name: "context", kind: "string", default: "", help: "A context of the kubeconfig. Default: its current one." },
  {
    name: "client-qps",
    kind: "number",
    default: "0",
    help: "Calls to the API server per second over time (ESO: 50). 0: no limit but the API server's own, which is obeyed.",
  },
  {
    name: "client-burst",
    kind: "integer",
    default: "100",
    help: "Calls to the API server at once, where --client-qps limits them.",
  },
];

/** What the flags name. @throws KubeConfigError where no cluster is configured */
export function kubeConfigOf(flags: GivenFlags, surroundings: ProcessSurroundings): Promise<KubeConfig> {
  return loadKubeConfig({
    kubeconfigPath: flags.text("kubeconfig") || undefined,
    context: flags.text("context") || undefined,
    environment: surroundings.environment,
    homeFolder: surroundings.homeFolder,
  });
}

/** Must be closed. */
export function kubeClientOf(config: KubeConfig, flags: GivenFlags, version: string): KubeClient {
  return createKubeClient(config, {
    clock: systemClock,
    userAgent: `external-secrets/${version}`,
    qps: flags.number("client-qps"),
    burst: flags.number("client-burst"),
  });
}

/** Works with a client that is closed afterwards. @throws KubeConfigError where no cluster is configured */
export async function withCluster(
  flags: GivenFlags,
  surroundings: ProcessSurroundings,
  work: (kube: KubeClient) => Promise<void>,
): Promise<void> {
  const config = await kubeConfigOf(flags, surroundings);
  const kube = kubeClientOf(config, flags, surroundings.version);
  try {
    await work(kube);
  } finally {
    kube.close();
  }
}
