/** Finds Pulumi's own Kubernetes provider: the user's, an earlier download, or a new one where the network allows it. */
import { once } from "node:events";
import { rename } from "node:fs/promises";
import { connect } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import type { ProcessRegistry } from "../process/supervised-process.ts";
import { findOnPath } from "../tools/find-on-path.ts";
import { cacheEntry, isExecutable, type ToolCache } from "../tools/tool-cache.ts";
import { runCommand } from "./command.ts";

const PROGRAM = "pulumi-resource-kubernetes";
const DOWNLOAD_HOST = "get.pulumi.com";
const REACH_TIMEOUT_MS = 3000;
const DOWNLOAD_TIMEOUT_MS = 180_000;

export interface PluginSearch {
  /** Of the SDK that the program uses; the plugin must be of the same. */
  readonly version: string;
  readonly pulumiPath: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cache: ToolCache;
  readonly onProgress: (line: string) => void;
  readonly signal: AbortSignal | undefined;
}

/** Resolves to the plugin's path, or to `undefined` where it can neither be found nor downloaded. */
export async function findKubernetesPlugin(
  search: PluginSearch,
  registry: ProcessRegistry,
): Promise<string | undefined> {
  const { version, environment, cache, onProgress } = search;
  const userHome = environment.PULUMI_HOME || join(homedir(), ".pulumi");
  const installed = join(userHome, "plugins", `resource-kubernetes-v${version}`, PROGRAM);
  if (await isExecutable(installed)) return installed;
  const onPath = await findOnPath(PROGRAM, environment.PATH);
  if (onPath !== undefined) return onPath;
  const entry = cacheEntry(PROGRAM, version);
  const cached = await cache.find(entry, PROGRAM);
  if (cached !== undefined) return cached;
  if (!(await isReachable(environment, search.signal))) return undefined;
  try {
    onProgress(`${PROGRAM} ${version}: downloading from ${DOWNLOAD_HOST}`);
    await cache.fill(entry, (folder) => download(search, folder, registry), { signal: search.signal });
    return await cache.find(entry, PROGRAM);
  } catch (error) {
    search.signal?.throwIfAborted();
    onProgress(`${PROGRAM} ${version}: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

/** Whether a download is worth trying. Behind a proxy only the download itself can tell. */
async function isReachable(
  environment: PluginSearch["environment"],
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (environment.HTTPS_PROXY || environment.https_proxy) return true;
  const socket = connect({ host: DOWNLOAD_HOST, port: 443 });
  const timeout = AbortSignal.timeout(REACH_TIMEOUT_MS);
  try {
    await once(socket, "connect", { signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]) });
    return true;
  } catch {
    // Whatever it is that keeps us from the host: there is no download then.
    signal?.throwIfAborted();
    return false;
  } finally {
    socket.destroy();
  }
}

async function download(search: PluginSearch, folder: string, registry: ProcessRegistry): Promise<void> {
  const { version, pulumiPath, environment, onProgress, signal } = search;
  const result = await runCommand(
    {
      path: pulumiPath,
      args: ["plugin", "install", "resource", "kubernetes", version, "--non-interactive", "--color", "never"],
      folder,
      environment: { ...environment, PULUMI_HOME: folder, PULUMI_SKIP_UPDATE_CHECK: "true" },
      timeoutMs: DOWNLOAD_TIMEOUT_MS,
      signal,
      onLine: onProgress,
    },
    registry,
  );
  if (result.code !== 0) throw new Error(`pulumi plugin install ended with code ${result.code}`);
  await rename(join(folder, "plugins", `resource-kubernetes-v${version}`, PROGRAM), join(folder, PROGRAM));
}
