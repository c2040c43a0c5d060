/** The Pulumi stack of the program that the root Pulumi.yaml names. */
import { homedir } from "node:os";
import { join } from "node:path";
import { openPulumi, type Pulumi } from "../../test/ground/pulumi/index.ts";
import { projectFolder } from "../run-step.ts";
import type { Backends } from "./backends.ts";
import type { Cleanup } from "./cleanup.ts";
import type { Cluster } from "./cluster.ts";
import type { Progress } from "./progress.ts";

interface Surroundings {
  readonly cleanup: Cleanup;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

async function configure(pulumi: Pulumi, cluster: Cluster, backends: Backends): Promise<void> {
  const plain: Readonly<Record<string, string | undefined>> = {
    image: cluster.image,
    controllerInCluster: String(cluster.runsPods),
    deleteCrdsOnDestroy: "true",
    vaultAddress: backends.vaultAddress,
    awsEndpoint: backends.awsEndpoint,
    "kubernetes:context": cluster.context,
  };
  const secret = {
    vaultToken: backends.vaultToken,
    awsAccessKeyId: backends.awsCredentials.accessKeyId,
    awsSecretAccessKey: backends.awsCredentials.secretAccessKey,
  };
  for (const [key, value] of Object.entries(plain)) if (value !== undefined) await pulumi.configSet(key, value);
  for (const [key, value] of Object.entries(secret)) await pulumi.configSet(key, value, { secret: true });
}

/** Makes the stack, with a state in a temporary folder, and configures it; nothing is run yet. */
export async function openStack(
  cluster: Cluster,
  backends: Backends,
  { cleanup, progress, signal }: Surroundings,
): Promise<Pulumi> {
  const kubeconfig = cluster.kubeconfigPath ?? process.env.KUBECONFIG ?? join(homedir(), ".kube", "config");
  const pulumi = await openPulumi({
    folder: projectFolder,
    env: { KUBECONFIG: kubeconfig },
    onOutput: (line) => progress.detail(line),
    signal,
  });
  cleanup.add("Pulumi's folders", () => pulumi.close());
  await pulumi.stackInit("quickstart");
  await configure(pulumi, cluster, backends);
  return pulumi;
}

/** What `pulumi up` exports: names, never values. */
export interface StackOutputs {
  readonly applicationNamespace: string;
  readonly controllerNamespace: string;
  readonly serviceAccountName: string;
  readonly secretNames: readonly string[];
}

/** Reads the outputs. @throws Error where the program exports something else. */
export async function stackOutputs(pulumi: Pulumi): Promise<StackOutputs> {
  const outputs = await pulumi.outputs();
  const { applicationNamespace, controllerNamespace, serviceAccountName, secretNames } = outputs;
  if (
    typeof applicationNamespace === "string" &&
    typeof controllerNamespace === "string" &&
    typeof serviceAccountName === "string" &&
    Array.isArray(secretNames)
  ) {
    return { applicationNamespace, controllerNamespace, serviceAccountName, secretNames: secretNames.map(String) };
  }
  throw new Error(`unexpected outputs: ${Object.keys(outputs).join(", ")}`);
}
