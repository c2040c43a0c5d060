/** The contract, for the backend `vault` logged in by JWT: with service accounts' tokens that Vault checks by the cluster's keys. */
import { createPublicKey } from "node:crypto";
import { clusterIssuer } from "../ground/cluster-issuer.ts";
import type { ControlPlane, Vault } from "../ground/index.ts";
import { serviceAccountToken } from "./cluster-tokens.ts";
import { contractSuite } from "./suite.ts";
import { startClusterVaultWorld, type VaultAccess } from "./vault-world.ts";

async function jwtAccess(cluster: ControlPlane, vault: Vault): Promise<VaultAccess> {
  const { issuer, jwks } = await clusterIssuer(cluster);
  const pems = jwks.keys.map((key) => createPublicKey({ key, format: "jwk" }).export({ type: "spki", format: "pem" }));
  await vault.write("sys/auth/workloads", { type: "jwt" });
  await vault.write("auth/workloads/config", { jwt_validation_pubkeys: pems, bound_issuer: issuer });
  for (const policy of ["all", "none"]) {
    await vault.write(`auth/workloads/role/${policy}`, {
      role_type: "jwt",
      user_claim: "sub",
      bound_subject: `system:serviceaccount:default:${policy}`,
      bound_audiences: ["vault"],
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
      jwt: {
        path: "workloads",
        role: access,
        kubernetesServiceAccountToken: { serviceAccountRef: { name: access, audiences: ["vault"] } },
      },
    }),
    surroundings: () => ({ issueToken }),
    credentials: issued,
  };
}

contractSuite({
  name: "vault, KV version 2, JWT auth",
  capabilities: { values: "jsonObjects", versions: true, tags: true, push: true, network: true },
  start: () => startClusterVaultWorld(jwtAccess),
});
