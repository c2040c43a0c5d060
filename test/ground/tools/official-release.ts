/** Where the projects publish each tool, and in which form. */
import { ETCD_VERSION, KUBERNETES_VERSION, PULUMI_VERSION, VAULT_VERSION } from "../versions.ts";
import type { ToolName } from "./tool-table.ts";

/** Base addresses without a slash at the end. */
export interface ReleaseHosts {
  readonly kubernetes: string;
  readonly etcd: string;
  readonly hashicorp: string;
  readonly pulumi: string;
}

export const OFFICIAL_HOSTS: ReleaseHosts = {
  kubernetes: "https://dl.k8s.io/release",
  etcd: "https://github.com/etcd-io/etcd/releases/download",
  hashicorp: "https://releases.hashicorp.com",
  pulumi: "https://get.pulumi.com/releases/sdk",
};

export interface Release {
  readonly url: string;
  /** A file with the checksum: the bare SHA-256, or lines as `sha256sum` writes them. */
  readonly checksumUrl: string;
  readonly form: "executable" | "tar.gz" | "zip";
  /** The executable inside an archive. */
  readonly member?: string;
  /** Whether all that lies beside the member is kept as well. */
  readonly keepsAll?: boolean;
}

/** As Node names them: `process.platform` and `process.arch`. */
export interface Platform {
  readonly platform: string;
  readonly arch: string;
}

const SYSTEMS: Readonly<Record<string, string>> = { linux: "linux", darwin: "darwin" };
const PROCESSORS: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/** The release of a tool for a machine, or why there is none (a phrase). */
export function officialRelease(name: ToolName, machine: Platform, hosts: ReleaseHosts): Release | string {
  const system = SYSTEMS[machine.platform];
  const processor = PROCESSORS[machine.arch];
  if (system === undefined || processor === undefined) {
    return `no official download for ${machine.platform} on ${machine.arch}`;
  }
  switch (name) {
    case "etcd":
      return etcdRelease(system, processor, hosts.etcd);
    case "vault":
      return vaultRelease(system, processor, hosts.hashicorp);
    case "pulumi":
      return pulumiRelease(system, machine.arch, hosts.pulumi);
    case "pulumi-language-yaml":
      return "no official download of its own (the official Pulumi has it beside it)";
    case "vault-plugin-kubernetes":
    case "vault-plugin-ldap":
      return "no official download (the official Vault has it built in)";
    default:
      return kubernetesRelease(name, system, processor, hosts.kubernetes);
  }
}

function kubernetesRelease(name: ToolName, system: string, processor: string, host: string): Release | string {
  if (system !== "linux" && name !== "kubectl") return `Kubernetes publishes ${name} for Linux only`;
  const url = `${host}/v${KUBERNETES_VERSION}/bin/${system}/${processor}/${name}`;
  return { url, checksumUrl: `${url}.sha256`, form: "executable" };
}

function etcdRelease(system: string, processor: string, host: string): Release {
  const folder = `etcd-v${ETCD_VERSION}-${system}-${processor}`;
  const form = system === "linux" ? "tar.gz" : "zip";
  const base = `${host}/v${ETCD_VERSION}`;
  return { url: `${base}/${folder}.${form}`, checksumUrl: `${base}/SHA256SUMS`, form, member: `${folder}/etcd` };
}

function vaultRelease(system: string, processor: string, host: string): Release {
  const base = `${host}/vault/${VAULT_VERSION}/vault_${VAULT_VERSION}`;
  return {
    url: `${base}_${system}_${processor}.zip`,
    checksumUrl: `${base}_SHA256SUMS`,
    form: "zip",
    member: "vault",
  };
}

/** The language hosts beside the CLI are needed to run programs. */
function pulumiRelease(system: string, arch: string, host: string): Release {
  return {
    url: `${host}/pulumi-v${PULUMI_VERSION}-${system}-${arch}.tar.gz`,
    checksumUrl: `${host}/pulumi-${PULUMI_VERSION}-checksums.txt`,
    form: "tar.gz",
    member: "pulumi/pulumi",
    keepsAll: true,
  };
}
