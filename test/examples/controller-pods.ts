/**
 * Runs the operator's Pods where there is no node: for each Pod the built controller as a process, with the Pod's own arguments, variables and
 * service-account token, so that it may do what its roles permit and nothing else. Any other Pod is said to be Ready.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ControllerProcess, startControllerProcess } from "../e2e/controller-process.ts";
import { type ControlPlane, createTempFolder, kubeconfigText } from "../ground/index.ts";

const INTERVAL_MS = 200;
const TOKEN_SECONDS = 3600;

interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly serviceAccountName: string;
    readonly containers: readonly {
      readonly name: string;
      readonly image: string;
      readonly args?: readonly string[];
      readonly env?: readonly { readonly name: string; readonly value?: string }[];
    }[];
  };
}

export interface ControllerPods {
  /** What all controllers that ran have printed. */
  output(): Promise<string>;
  stop(): Promise<void>;
}

const isOperator = ({ metadata }: Pod): boolean => metadata.labels?.["app.kubernetes.io/name"] === "external-secrets";

/** The Pod's addresses are all of its own; here they are this machine's. */
const isAddress = (arg: string): boolean => arg.startsWith("--metrics-addr=") || arg.startsWith("--live-addr=");

async function tokenOf(controlPlane: ControlPlane, { metadata, spec }: Pod): Promise<string> {
  const { status, body } = await controlPlane.request({
    method: "POST",
    path: `/api/v1/namespaces/${metadata.namespace}/serviceaccounts/${spec.serviceAccountName}/token`,
    body: { spec: { expirationSeconds: TOKEN_SECONDS } },
  });
  if (status !== 201) throw new Error(`no token for ${spec.serviceAccountName}: ${status}`);
  return (body as { readonly status: { readonly token: string } }).status.token;
}

async function markReady(controlPlane: ControlPlane, { metadata, spec }: Pod): Promise<void> {
  const now = new Date().toISOString();
  const conditions = ["Initialized", "ContainersReady", "Ready"].map((type) => ({
    type,
    status: "True",
    lastTransitionTime: now,
  }));
  const containerStatuses = spec.containers.map(({ name, image }) => ({
    name,
    image,
    imageID: image,
    ready: true,
    started: true,
    restartCount: 0,
    state: { running: { startedAt: now } },
  }));
  await controlPlane.request({
    method: "PATCH",
    path: `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}/status`,
    contentType: "application/merge-patch+json",
    body: { status: { phase: "Running", startTime: now, conditions, containerStatuses } },
  });
}

/** Watches for the operator's Pods until it is stopped. `env` is added to their variables: addresses of emulators. */
export async function runControllerPods(
  controlPlane: ControlPlane,
  env: Readonly<Record<string, string>> = {},
): Promise<ControllerPods> {
  const folder = await createTempFolder("controller-pods");
  const running = new Map<string, ControllerProcess>();
  const seen = new Set<string>();
  const printed: string[] = [];
  const stopping = new AbortController();

  async function start(pod: Pod): Promise<void> {
    const kubeconfigPath = join(folder.path, pod.metadata.uid);
    const client = { token: await tokenOf(controlPlane, pod) };
    const { server, caPem } = controlPlane;
    await writeFile(kubeconfigPath, kubeconfigText({ server, caPem, user: "controller", client }), { mode: 0o600 });
    const [container] = pod.spec.containers;
    const own = (container?.env ?? []).map(({ name, value = "" }) => [name, value]);
    const flags = (container?.args ?? []).filter((arg) => arg.startsWith("--") && !isAddress(arg));
    const process = await startControllerProcess({
      kubeconfigPath,
      env: { ...Object.fromEntries(own), ...env },
      // In a Pod the namespace comes with the token.
      flags: [...flags, `--leader-election-namespace=${pod.metadata.namespace}`, "--loglevel=debug"],
    });
    running.set(pod.metadata.uid, process);
    await markReady(controlPlane, pod);
  }

  async function end(uid: string, process: ControllerProcess): Promise<void> {
    running.delete(uid);
    printed.push(await process.output());
    await process.stop();
  }

  async function look(): Promise<void> {
    const { body } = await controlPlane.request({ path: "/api/v1/pods" });
    const pods = (body as { readonly items: readonly Pod[] }).items;
    for (const pod of pods.filter(({ metadata }) => !seen.has(metadata.uid))) {
      seen.add(pod.metadata.uid);
      await (isOperator(pod) ? start(pod) : markReady(controlPlane, pod));
    }
    for (const [uid, process] of running) {
      if (!pods.some(({ metadata }) => metadata.uid === uid)) await end(uid, process);
    }
  }

  const work = (async () => {
    while (!stopping.signal.aborted) {
      await look();
      await sleep(INTERVAL_MS, undefined, { signal: stopping.signal }).catch(() => {});
    }
  })();
  // A failure is told by `stop`; until then the Pods are not Ready, and whoever waits for them says so.
  work.catch(() => {});
  return {
    async output() {
      const now = await Promise.all([...running.values()].map((process) => process.output()));
      return [...printed, ...now].join("\n");
    },
    async stop() {
      stopping.abort();
      try {
        await work;
      } finally {
        for (const [uid, process] of running) await end(uid, process);
        await folder.remove();
      }
    },
  };
}
