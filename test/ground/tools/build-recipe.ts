/** How each program is built from Go modules: what lies in `build/`, and the arguments of `go`. */
import {
  ETCD_VERSION,
  KUBERNETES_VERSION,
  PULUMI_VERSION,
  PULUMI_YAML_VERSION,
  SPRIG_VERSION,
  VAULT_KUBERNETES_PLUGIN_VERSION,
  VAULT_VERSION,
} from "../versions.ts";
import type { ProgramName } from "./tool-table.ts";

export interface BuildRecipe {
  /** The folder below `build/` whose `go.mod`, `go.sum` and `main.go` (where there is one) are the module; none: no module. */
  readonly module?: string;
  /** Whether the module is built against a copy of Vault's SDK that fits it; see `vault-sdk.ts`. */
  readonly patchesVaultSdk?: boolean;
  /** Arguments of `go build`, before the output; with `install`, of `go install`. */
  readonly args: readonly string[];
  /** The package to build: a path in the module, or `package@version` to install. */
  readonly target: string;
  /** What `go install` names its output; unset: `go build` writes the program's name. */
  readonly installedAs?: string;
  /** What it takes with a cold cache on two idle cores, for people who wait. */
  readonly usualMinutes: number;
}

/** Without symbol tables the programs are a third smaller. */
const STRIPPED = "-s -w";

/** Without these, Kubernetes calls itself v0.0.0 and refuses its own kubelets. */
function kubernetesVersionFlags(): string {
  const [major, minor] = KUBERNETES_VERSION.split(".");
  const values = {
    gitVersion: `v${KUBERNETES_VERSION}`,
    gitMajor: major,
    gitMinor: minor,
    gitTreeState: "clean",
    buildDate: "1970-01-01T00:00:00Z",
  };
  return ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"]
    .flatMap((path) => Object.entries(values).map(([name, value]) => `-X ${path}.${name}=${value}`))
    .join(" ");
}

export const BUILD_RECIPES: Readonly<Record<ProgramName, BuildRecipe>> = {
  kube: {
    module: "kube",
    args: ["-tags", "notest,grpcnotrace", "-ldflags", `${STRIPPED} ${kubernetesVersionFlags()}`],
    target: ".",
    usualMinutes: 12,
  },
  vault: {
    module: "vault",
    patchesVaultSdk: true,
    args: ["-tags", "minimal", "-ldflags", STRIPPED],
    target: ".",
    usualMinutes: 8,
  },
  "vault-plugin-ldap": {
    module: "vault",
    patchesVaultSdk: true,
    args: ["-tags", "minimal", "-ldflags", STRIPPED],
    target: "github.com/hashicorp/vault/builtin/credential/ldap/cmd/ldap",
    usualMinutes: 2,
  },
  "vault-plugin-kubernetes": {
    args: ["-ldflags", STRIPPED],
    target: `github.com/hashicorp/vault-plugin-auth-kubernetes/cmd/vault-plugin-auth-kubernetes@v${VAULT_KUBERNETES_PLUGIN_VERSION}`,
    installedAs: "vault-plugin-auth-kubernetes",
    usualMinutes: 2,
  },
  pulumi: {
    module: "pulumi",
    args: ["-ldflags", `${STRIPPED} -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${PULUMI_VERSION}`],
    target: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    usualMinutes: 7,
  },
  "pulumi-language-yaml": {
    args: ["-ldflags", STRIPPED],
    target: `github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml@v${PULUMI_YAML_VERSION}`,
    installedAs: "pulumi-language-yaml",
    usualMinutes: 1,
  },
  gotemplate: { module: "gotemplate", args: ["-ldflags", STRIPPED], target: ".", usualMinutes: 1 },
};

/** The modules that a `go.mod` below `build/` must require at the pinned version; a test holds them against each other. */
export const PINNED_MODULES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  kube: { "k8s.io/kubernetes": KUBERNETES_VERSION, "go.etcd.io/etcd/server/v3": ETCD_VERSION },
  vault: { "github.com/hashicorp/vault": VAULT_VERSION },
  pulumi: { "github.com/pulumi/pulumi/pkg/v3": PULUMI_VERSION },
  gotemplate: { "github.com/Masterminds/sprig/v3": SPRIG_VERSION },
};
