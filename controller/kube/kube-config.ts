/** Finds out where the API server is and who we are: in-cluster, or from kubeconfig files. */
import { readFile as readFileOfNode } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { type Clock, systemClock } from "../../api/clock.ts";
import { type CredentialSource, KubeConfigError, type ReadFile } from "./credentials.ts";
import { inClusterConfig, isInCluster } from "./in-cluster-config.ts";
import { kubeConfigOfFiles } from "./kubeconfig-context.ts";
import { readKubeconfigs } from "./kubeconfig-files.ts";

/** What the client needs to connect. */
export interface KubeConfig {
  /** The server's address; a path in it goes before every request's path. */
  readonly server: URL;
  /** Where the configuration comes from, for messages: "in-cluster" or `context "x" of /path`. */
  readonly source: string;
  /** The default namespace: the pod's own, or the context's, or `default`. */
  readonly namespace: string;
  readonly tls: {
    /** PEM of the authorities to trust, read anew for new connections; unset: those of Node. */
    readonly authorities?: () => Promise<Uint8Array>;
    /** The name in the server's certificate, where it is not the host of `server`. */
    readonly serverName?: string;
    /** Default false. */
    readonly skipVerify?: boolean;
  };
  readonly credentials: CredentialSource;
}

export interface LoadKubeConfigOptions {
  /** A kubeconfig file (a `--kubeconfig` flag); it wins over all else. */
  readonly kubeconfigPath?: string | undefined;
  /** A context of the kubeconfig; default its current-context. */
  readonly context?: string | undefined;
  /** The process's environment: KUBECONFIG, KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT, and that of exec plugins. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Holds `.kube/config`; unset: that file is not looked for. */
  readonly homeFolder?: string | undefined;
  /** Default: the file system's. */
  readonly readFile?: ReadFile;
  /** Default: the machine's clock. */
  readonly clock?: Clock;
}

/**
 * The first of: `kubeconfigPath`, the files of KUBECONFIG merged, the pod's service account, `~/.kube/config`.
 * A context that is asked for makes it a kubeconfig in any case.
 * @throws KubeConfigError naming file, field and remedy.
 */
export async function loadKubeConfig(options: LoadKubeConfigOptions): Promise<KubeConfig> {
  const { kubeconfigPath, environment, homeFolder } = options;
  const readFile = options.readFile ?? readFileOfNode;
  const surroundings = { environment, readFile, clock: options.clock ?? systemClock };
  const files = async (paths: readonly string[], required: boolean) =>
    kubeConfigOfFiles(await readKubeconfigs(paths, { readFile, required }), options.context, surroundings);

  if (kubeconfigPath) return files([kubeconfigPath], true);
  const listed = (environment.KUBECONFIG ?? "").split(delimiter).filter((path) => path !== "");
  if (listed.length > 0) return files(listed, false);
  if (!options.context && isInCluster(environment)) return inClusterConfig(surroundings);
  if (homeFolder) return files([join(homeFolder, ".kube", "config")], true);
  throw new KubeConfigError(
    "no Kubernetes configuration found: not in a pod, KUBECONFIG is not set and there is no home folder; set KUBECONFIG or give --kubeconfig",
  );
}
