/** The controller as a process beside the cluster: the image's bundle, under the identity that the operator gave it. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { KubeApiError } from "../../controller/kube/kube-api-error.ts";
import { createSupervisor, freePort, kubeconfigText, waitUntil } from "../../test/ground/index.ts";
import { bundleFile } from "../bundle.ts";
import { CONTROLLER_ENV, CONTROLLER_NODE_FLAGS } from "../image/controller-process.ts";
import type { Backends } from "./backends.ts";
import type { Cleanup } from "./cleanup.ts";
import type { Cluster } from "./cluster.ts";
import type { Progress } from "./progress.ts";

const SERVICE_ACCOUNT = { namespace: "external-secrets", name: "external-secrets" } as const;

/** Longer than anybody keeps a quickstart; a Pod's token would be renewed by its kubelet. */
const TOKEN_SECONDS = 24 * 3600;

const EXPECTED_WITHIN_MS = 120_000;

/** A token of the operator's service account, as soon as `pulumi up` has made it: its Role is all that the process may do. */
async function tokenOfOperator(cluster: Cluster, signal: AbortSignal): Promise<string> {
  return waitUntil(
    `the service account ${SERVICE_ACCOUNT.namespace}/${SERVICE_ACCOUNT.name}`,
    async () => {
      try {
        const request = { audiences: [], expirationSeconds: TOKEN_SECONDS };
        return (await cluster.client.createToken(SERVICE_ACCOUNT, request, signal)).token;
      } catch (error) {
        if (error instanceof KubeApiError && error.status === 404) return undefined;
        throw error;
      }
    },
    { timeoutMs: EXPECTED_WITHIN_MS, intervalMs: 250, signal },
  );
}

async function caOf(cluster: Cluster): Promise<string> {
  const pem = await cluster.config.tls.authorities?.();
  return pem === undefined ? "" : Buffer.from(pem).toString("utf8");
}

async function isAnswering(port: number, path: string, signal: AbortSignal): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}${path}`, { signal })).ok;
  } catch {
    // Not listening yet.
    return false;
  }
}

/** Starts it and returns when it is ready. Its log stands in the folder that is printed. */
export async function startController(
  cluster: Cluster,
  backends: Backends,
  { cleanup, progress, signal }: { cleanup: Cleanup; progress: Progress; signal: AbortSignal },
): Promise<{ readonly logPath: string }> {
  const supervisor = await createSupervisor({ prefix: "quickstart-controller" });
  cleanup.add("the controller", () => supervisor.stop());
  const kubeconfigPath = join(supervisor.folder, "kubeconfig");
  const token = await tokenOfOperator(cluster, signal);
  const text = kubeconfigText({
    server: cluster.config.server.href.replace(/\/$/, ""),
    caPem: await caOf(cluster),
    user: "external-secrets",
    client: { token },
  });
  await writeFile(kubeconfigPath, text, { mode: 0o600 });
  const port = await freePort();
  const controller = await supervisor.start({
    name: "controller",
    command: process.execPath,
    args: [
      ...CONTROLLER_NODE_FLAGS,
      bundleFile,
      "controller",
      `--kubeconfig=${kubeconfigPath}`,
      `--live-addr=127.0.0.1:${port}`,
      "--metrics-addr=127.0.0.1:0",
    ],
    env: {
      PATH: process.env.PATH,
      ...CONTROLLER_ENV,
      AWS_SECRETSMANAGER_ENDPOINT: backends.awsEndpoint,
      AWS_STS_ENDPOINT: backends.awsEndpoint,
    },
    isReady: (limit) => isAnswering(port, "/readyz", limit),
    readyTimeoutMs: EXPECTED_WITHIN_MS,
    signal,
  });
  progress.line(`controller ready (process ${controller.pid}, log ${controller.logPath})`);
  return { logPath: controller.logPath };
}
