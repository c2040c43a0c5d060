/** Reads the cluster's address and credentials from a kubeconfig. */
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const NamedCluster = z.object({
  name: z.string(),
  cluster: z.object({
    server: z.string(),
    "certificate-authority": z.string().optional(),
    "certificate-authority-data": z.string().optional(),
    "insecure-skip-tls-verify": z.boolean().optional(),
    "tls-server-name": z.string().optional(),
  }),
});
const NamedUser = z.object({
  name: z.string(),
  user: z.object({
    "client-certificate": z.string().optional(),
    "client-certificate-data": z.string().optional(),
    "client-key": z.string().optional(),
    "client-key-data": z.string().optional(),
    token: z.string().optional(),
    tokenFile: z.string().optional(),
    exec: z.unknown().optional(),
  }),
});
const NamedContext = z.object({
  name: z.string(),
  context: z.object({ cluster: z.string(), user: z.string().default(""), namespace: z.string().optional() }),
});
const KubeConfigFile = z.object({
  "current-context": z.string().default(""),
  clusters: z.array(NamedCluster).default([]),
  users: z.array(NamedUser).default([]),
  contexts: z.array(NamedContext).default([]),
});

export interface ClusterAccess {
  readonly server: URL;
  /** Namespace of objects that name none. */
  readonly namespace: string;
  readonly ca: Buffer | undefined;
  readonly cert: Buffer | undefined;
  readonly key: Buffer | undefined;
  readonly serverName: string | undefined;
  readonly insecure: boolean;
  /** Reads the bearer token anew, since token files are rotated; "" without one. */
  readonly token: () => string;
}

export interface KubeConfigChoice {
  /** A path, or the content itself, as YAML or JSON; "" for `KUBECONFIG` or the usual file. */
  readonly kubeconfig: string;
  /** "" for the current one. */
  readonly context: string;
  /** "" for the one of the context. */
  readonly cluster: string;
  readonly namespace: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** @throws when there is no such file, context or cluster, or when the user needs an exec plugin. */
export function readKubeConfig(choice: KubeConfigChoice): ClusterAccess {
  const { content, folder } = findKubeConfig(choice);
  const file = KubeConfigFile.parse(parse(content));
  const contextName = choice.context || file["current-context"];
  const context = file.contexts.find(({ name }) => name === contextName)?.context;
  if (context === undefined) throw new Error(`The kubeconfig has no context ${JSON.stringify(contextName)}`);
  const clusterName = choice.cluster || context.cluster;
  const cluster = file.clusters.find(({ name }) => name === clusterName)?.cluster;
  if (cluster === undefined) throw new Error(`The kubeconfig has no cluster ${JSON.stringify(clusterName)}`);
  const user = file.users.find(({ name }) => name === context.user)?.user ?? {};
  if (user.exec !== undefined) {
    throw new Error(
      `User ${context.user} of the kubeconfig needs an exec plugin: use the official Kubernetes provider`,
    );
  }
  const read = (data: string | undefined, path: string | undefined): Buffer | undefined => {
    if (data !== undefined) return Buffer.from(data, "base64");
    return path === undefined ? undefined : readFileSync(resolve(folder, path));
  };
  const { token, tokenFile } = user;
  return {
    server: new URL(cluster.server),
    namespace: choice.namespace || context.namespace || "default",
    ca: read(cluster["certificate-authority-data"], cluster["certificate-authority"]),
    cert: read(user["client-certificate-data"], user["client-certificate"]),
    key: read(user["client-key-data"], user["client-key"]),
    serverName: cluster["tls-server-name"],
    insecure: cluster["insecure-skip-tls-verify"] ?? false,
    token: () => (tokenFile ? readFileSync(resolve(folder, tokenFile), "utf8").trim() : (token ?? "")),
  };
}

function findKubeConfig(choice: KubeConfigChoice): { content: string; folder: string } {
  if (choice.kubeconfig !== "" && !existsSync(choice.kubeconfig)) {
    return { content: choice.kubeconfig, folder: process.cwd() };
  }
  const ambient = choice.environment.KUBECONFIG?.split(":")[0];
  const path = choice.kubeconfig || ambient || join(homedir(), ".kube", "config");
  return { content: readFileSync(path, "utf8"), folder: dirname(resolve(path)) };
}
