/** Every version that the ground pins, in one place. Change one here, and all that resolves, caches or builds follows. */

/** Kubernetes: kube-apiserver, kube-controller-manager, kube-scheduler, kubelet, kube-proxy, kubectl. 1.38 drops cgroup v1. */
export const KUBERNETES_VERSION = "1.37.2";

/** The store of the API server. */
export const ETCD_VERSION = "3.7.0";

/** A test tool only (BUSL-1.1): never part of what is shipped. */
export const VAULT_VERSION = "1.21.4";

/** The Go module `github.com/hashicorp/vault-plugin-auth-kubernetes`. */
export const VAULT_KUBERNETES_PLUGIN_VERSION = "0.23.1";

/** The LDAP plugin is a program of Vault's own module. */
export const VAULT_LDAP_PLUGIN_VERSION = VAULT_VERSION;

/** The Pulumi CLI; the same version as the npm package `@pulumi/pulumi`. */
export const PULUMI_VERSION = "3.259.0";

/** The Go module `github.com/pulumi/pulumi-yaml`: the language host of YAML programs, which the official CLI has beside it. */
export const PULUMI_YAML_VERSION = "1.25.0";

/** The Go module `github.com/Masterminds/sprig/v3`: the template functions that External Secrets Operator has. */
export const SPRIG_VERSION = "3.3.0";

/** The AWS emulator in Python (PyPI `ministack`). */
export const MINISTACK_VERSION = "1.5.33";

/** The second AWS emulator in Python (PyPI `moto`, with these extras). */
export const MOTO_VERSION = "5.2.5";
export const MOTO_EXTRAS: readonly string[] = ["secretsmanager", "ssm", "sts", "iam"];

/** Debian packages that a real node needs beside the kubelet; any version of Debian 12 or later will do. */
export const NODE_DEBIAN_PACKAGES: readonly string[] = [
  "containerd",
  "runc",
  "containernetworking-plugins",
  "nftables",
];
