/** The configuration of a pod: its service account's token, the cluster's authority, and the address in the environment. */
import type { Clock } from "../../api/clock.ts";
import {
  KubeConfigError,
  type ReadFile,
  readBytes,
  readText,
  rereadValue,
  tokenFileCredentials,
} from "./credentials.ts";
import type { KubeConfig } from "./kube-config.ts";

const FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount";

/** What configurations are read from. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly readFile: ReadFile;
  readonly clock: Clock;
}

/** Whether the environment is that of a pod. */
export function isInCluster(environment: Readonly<Record<string, string | undefined>>): boolean {
  return Boolean(environment.KUBERNETES_SERVICE_HOST && environment.KUBERNETES_SERVICE_PORT);
}

/**
 * The pod's configuration. Token and authority are read anew when they rotate.
 * @throws KubeConfigError where the service account's files are not mounted.
 */
export async function inClusterConfig({ environment, readFile, clock }: Surroundings): Promise<KubeConfig> {
  const host = environment.KUBERNETES_SERVICE_HOST ?? "";
  const port = environment.KUBERNETES_SERVICE_PORT ?? "";
  const address = `https://${host.includes(":") ? `[${host}]` : host}:${port}`;
  if (!URL.canParse(address)) {
    throw new KubeConfigError(`KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT make no address: ${address}`);
  }
  const credentials = tokenFileCredentials(clock, readFile, `${FOLDER}/token`, "service account token");
  const authorities = rereadValue(clock, () => readBytes(readFile, `${FOLDER}/ca.crt`, "service account ca.crt"));
  try {
    await credentials.get(AbortSignal.timeout(10_000));
    await authorities.get();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new KubeConfigError(`${reason}; set automountServiceAccountToken: true in the pod`, { cause: error });
  }
  return {
    server: new URL(address),
    source: "in-cluster",
    namespace: await namespaceOfPod(readFile),
    tls: { authorities: authorities.get },
    credentials,
  };
}

async function namespaceOfPod(readFile: ReadFile): Promise<string> {
  try {
    return await readText(readFile, `${FOLDER}/namespace`, "service account namespace");
  } catch (error) {
    // Projected by hand, the volume may lack this file; the token does not depend on it.
    if (error instanceof KubeConfigError) return "default";
    throw error;
  }
}
