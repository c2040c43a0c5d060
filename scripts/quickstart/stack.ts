/** The Pulumi stack of the program that the root Pulumi.yaml names. */
import { randomBytes } from "node:crypto";
import { homedir } from "node:os";
import { join } from "node:path";
import { createTempFolder } from "../../test/ground/index.ts";
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

/** The stack, and how to take away what it made. */
export interface Stack {
  readonly pulumi: Pulumi;
  /** `pulumi destroy`, also after an interruption. */
  destroy(): Promise<void>;
}

/** Makes the stack, with a state in a temporary folder, and configures it; nothing is run yet. */
export async function openStack(
  cluster: Cluster,
  backends: Backends,
  { cleanup, progress, signal }: Surroundings,
): Promise<Stack> {
  const kubeconfig = cluster.kubeconfigPath ?? process.env.KUBECONFIG ?? join(homedir(), ".kube", "config");
  const home = await createTempFolder("quickstart-pulumi");
  cleanup.add("Pulumi's folder", () => home.remove());
  const options = {
    folder: projectFolder,
    home: home.path,
    passphrase: randomBytes(16).toString("hex"),
    env: { KUBECONFIG: kubeconfig },
    onOutput: (line: string) => progress.detail(line),
  };
  const open = async (limit?: AbortSignal): Promise<Pulumi> => {
    const pulumi = await openPulumi({ ...options, ...(limit === undefined ? {} : { signal: limit }) });
    cleanup.add("Pulumi", () => pulumi.close());
    await pulumi.stackInit("quickstart");
    return pulumi;
  };
  const pulumi = await open(signal);
  await configure(pulumi, cluster, backends);
  // By an instance of its own: the signal that ends the first one must not end the clean-up.
  return { pulumi, destroy: async () => void (await (await open()).destroy()) };
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
