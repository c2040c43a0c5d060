/** The contract, for the backend `vault` logged in with a service account's token that a real API server issues and reviews. */
import type { ControlPlane, Vault } from "../ground/index.ts";
import { serviceAccountToken } from "./cluster-tokens.ts";
import { contractSuite } from "./suite.ts";
import { startClusterVaultWorld, type VaultAccess } from "./vault-world.ts";

async function allowReviews(cluster: ControlPlane, serviceAccount: string): Promise<void> {
  await cluster.request({
    method: "POST",
    path: "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
    body: {
      metadata: { name: serviceAccount },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:auth-delegator" },
      subjects: [{ kind: "ServiceAccount", name: serviceAccount, namespace: "default" }],
    },
  });
}

async function kubernetesAccess(cluster: ControlPlane, vault: Vault): Promise<VaultAccess> {
  const reviewer = await serviceAccountToken(cluster, "vault-reviewer");
  await allowReviews(cluster, "vault-reviewer");
  await vault.write("sys/auth/cluster", { type: "kubernetes" });
  await vault.write("auth/cluster/config", {
    kubernetes_host: cluster.server,
    kubernetes_ca_cert: cluster.caPem,
    token_reviewer_jwt: reviewer,
  });
  for (const policy of ["all", "none"]) {
    await vault.write(`auth/cluster/role/${policy}`, {
      bound_service_account_names: policy,
      bound_service_account_namespaces: "default",
      audience: "vault",
      token_policies: policy,
      token_ttl: "1h",
    });
  }
  const issued: string[] = [];
  const issueToken = async (name: string, audiences: readonly string[]) => {
    const token = await serviceAccountToken(cluster, name, audiences);
    issued.push(token);
    return token;
  };
  return {
    auth: (access) => ({
      kubernetes: { mountPath: "cluster", role: access, serviceAccountRef: { name: access, audiences: ["vault"] } },
    }),
    surroundings: () => ({ issueToken }),
    credentials: issued,
  };
}

contractSuite({
  name: "vault, KV version 2, Kubernetes auth",
  capabilities: { values: "jsonObjects", versions: true, tags: true, push: true, network: true },
  start: () => startClusterVaultWorld(kubernetesAccess),
});
