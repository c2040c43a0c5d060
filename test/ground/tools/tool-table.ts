/** The tools that the ground runs: their versions, how they tell theirs, and which other versions will do. */
import {
  ETCD_VERSION,
  KUBERNETES_VERSION,
  PULUMI_VERSION,
  PULUMI_YAML_VERSION,
  SPRIG_VERSION,
  VAULT_KUBERNETES_PLUGIN_VERSION,
  VAULT_LDAP_PLUGIN_VERSION,
  VAULT_VERSION,
} from "../versions.ts";
import { isAtLeast, isSameMinor, isWithinOneMinor, type Version } from "./tool-version.ts";

export type ToolName =
  | "etcd"
  | "kube-apiserver"
  | "kube-controller-manager"
  | "kube-scheduler"
  | "kubelet"
  | "kube-proxy"
  | "kubectl"
  | "vault"
  | "vault-plugin-kubernetes"
  | "vault-plugin-ldap"
  | "pulumi"
  | "pulumi-language-yaml"
  | "gotemplate";

/** What is packed, built and cached as one. `kube` is etcd and all of Kubernetes in one program, called by many names. */
export type ProgramName =
  | "kube"
  | "vault"
  | "vault-plugin-kubernetes"
  | "vault-plugin-ldap"
  | "pulumi"
  | "pulumi-language-yaml"
  | "gotemplate";

export interface ToolSpec {
  /** The pinned version, without a leading v. */
  readonly version: string;
  readonly program: ProgramName;
  /** Arguments that make it print its version and end; unset where it cannot. */
  readonly versionArgs?: readonly string[];
  /** Whether another version than the pinned one does as well. */
  readonly fits: (found: Version, pinned: Version) => boolean;
}

const kubernetes: ToolSpec = {
  version: KUBERNETES_VERSION,
  program: "kube",
  versionArgs: ["--version"],
  fits: isSameMinor,
};

export const TOOLS: Readonly<Record<ToolName, ToolSpec>> = {
  etcd: { ...kubernetes, version: ETCD_VERSION },
  "kube-apiserver": kubernetes,
  "kube-controller-manager": kubernetes,
  "kube-scheduler": kubernetes,
  kubelet: kubernetes,
  "kube-proxy": kubernetes,
  // Kubernetes supports a kubectl that is one minor version older or newer than the server.
  kubectl: { ...kubernetes, versionArgs: ["version", "--client"], fits: isWithinOneMinor },
  vault: { version: VAULT_VERSION, program: "vault", versionArgs: ["version"], fits: isAtLeast },
  // Plugins print nothing outside of Vault, and Vault asks for the exact file: only a variable may name another one.
  "vault-plugin-kubernetes": {
    version: VAULT_KUBERNETES_PLUGIN_VERSION,
    program: "vault-plugin-kubernetes",
    fits: () => false,
  },
  "vault-plugin-ldap": { version: VAULT_LDAP_PLUGIN_VERSION, program: "vault-plugin-ldap", fits: () => false },
  pulumi: { version: PULUMI_VERSION, program: "pulumi", versionArgs: ["version"], fits: isAtLeast },
  // It serves the engine, and tells no version.
  "pulumi-language-yaml": { version: PULUMI_YAML_VERSION, program: "pulumi-language-yaml", fits: () => false },
  // Our own program around Go's templates: nobody else has one.
  gotemplate: { version: SPRIG_VERSION, program: "gotemplate", versionArgs: ["--version"], fits: isSameMinor },
};

/** The names by which the program `kube` is called. */
export const KUBE_NAMES: readonly ToolName[] = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubelet",
  "kube-proxy",
  "kubectl",
];

/** The version that the cache keeps a program under; it changes when anything in it does. */
export function programVersion(program: ProgramName): string {
  return program === "kube" ? `${KUBERNETES_VERSION}+etcd${ETCD_VERSION}` : TOOLS[program].version;
}

/** The names of the executables that a program's folder holds. */
export function executablesOf(program: ProgramName): readonly ToolName[] {
  return program === "kube" ? KUBE_NAMES : [program];
}
