/** The files that a control plane and a node need: certificates, the service-account keys, one kubeconfig per client. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import {
  type CertificatePem,
  type CertificateRequest,
  createCertificateAuthority,
  createServiceAccountKeys,
} from "./pki.ts";

/** The network of Service addresses; its first address is the API server's own Service. */
export const SERVICE_NETWORK = "10.96.0.0/16";
const API_SERVICE_ADDRESS = "10.96.0.1";

export interface ClusterPkiOptions {
  readonly folder: string;
  /** Where clients reach the API server: `https://127.0.0.1:6443`. */
  readonly server: string;
  readonly nodeName: string;
  readonly nodeAddress: string;
}

/** Paths of the files, and the few contents that callers want at hand. */
export interface ClusterPki {
  /** Holds `<name>.crt` and `<name>.key`: ca, apiserver, apiserver-kubelet-client, kubelet-serving; `sa.pub`, `sa.key`. */
  readonly folder: string;
  readonly caPem: string;
  readonly admin: CertificatePem;
  /** Files `<name>.kubeconfig` in the folder. */
  readonly kubeconfigPaths: Readonly<Record<KubeconfigName, string>>;
}

export type KubeconfigName = "admin" | "controller-manager" | "scheduler" | "proxy" | "kubelet";

/** Writes all of it, readable for this user only. */
export async function createClusterPki(options: ClusterPkiOptions): Promise<ClusterPki> {
  const { folder } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const authority = await createCertificateAuthority("kube-ca");
  const caPem = authority.certificatePem;
  await writePair(folder, "ca", authority);
  for (const [name, request] of Object.entries(servingCertificates(options))) {
    await writePair(folder, name, await authority.issue(request));
  }
  const accountKeys = await createServiceAccountKeys();
  await writePrivate(join(folder, "sa.key"), accountKeys.privateKeyPem);
  await writePrivate(join(folder, "sa.pub"), accountKeys.publicKeyPem);

  const write = async (name: KubeconfigName, commonName: string, ...organizations: string[]) => {
    const client = await authority.issue({ commonName, organizations });
    const path = join(folder, `${name}.kubeconfig`);
    await writePrivate(path, kubeconfigText({ server: options.server, caPem, user: commonName, client }));
    return { path, client };
  };
  const admin = await write("admin", "admin", "system:masters");
  return {
    folder,
    caPem,
    admin: admin.client,
    kubeconfigPaths: {
      admin: admin.path,
      "controller-manager": (await write("controller-manager", "system:kube-controller-manager")).path,
      scheduler: (await write("scheduler", "system:kube-scheduler")).path,
      proxy: (await write("proxy", "system:kube-proxy")).path,
      kubelet: (await write("kubelet", `system:node:${options.nodeName}`, "system:nodes")).path,
    },
  };
}

/** The text of a kubeconfig with one cluster, `local`, and one user. */
export function kubeconfigText(options: {
  readonly server: string;
  readonly caPem: string;
  readonly user: string;
  readonly client: CertificatePem | { readonly token: string };
}): string {
  const { client, user } = options;
  const credentials =
    "token" in client
      ? { token: client.token }
      : {
          "client-certificate-data": base64(client.certificatePem),
          "client-key-data": base64(client.privateKeyPem),
        };
  return stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        { name: "local", cluster: { server: options.server, "certificate-authority-data": base64(options.caPem) } },
      ],
      users: [{ name: user, user: credentials }],
      contexts: [{ name: "local", context: { cluster: "local", user } }],
      "current-context": "local",
    },
    { lineWidth: 0 },
  );
}

function servingCertificates(options: ClusterPkiOptions): Readonly<Record<string, CertificateRequest>> {
  const service = [
    "kubernetes",
    "kubernetes.default",
    "kubernetes.default.svc",
    "kubernetes.default.svc.cluster.local",
  ];
  const host = new URL(options.server).hostname;
  return {
    apiserver: {
      commonName: "kube-apiserver",
      hosts: [...new Set(["localhost", ...service, "127.0.0.1", API_SERVICE_ADDRESS, host])],
    },
    "apiserver-kubelet-client": {
      commonName: "kube-apiserver-kubelet-client",
      organizations: ["system:masters"],
    },
    "kubelet-serving": {
      commonName: `system:node:${options.nodeName}`,
      organizations: ["system:nodes"],
      hosts: [...new Set([options.nodeName, "127.0.0.1", options.nodeAddress])],
    },
  };
}

async function writePair(folder: string, name: string, pair: CertificatePem): Promise<void> {
  await writePrivate(join(folder, `${name}.crt`), pair.certificatePem);
  await writePrivate(join(folder, `${name}.key`), pair.privateKeyPem);
}

function writePrivate(path: string, text: string): Promise<void> {
  return writeFile(path, text, { mode: 0o600 });
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}
