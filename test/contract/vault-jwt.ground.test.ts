/** The contract, for the backend `vault` logged in by JWT: with service accounts' tokens that Vault checks by the cluster's keys. */
import { createPublicKey, type JsonWebKey } from "node:crypto";
import { type ControlPlane, startControlPlane, type Vault } from "../ground/index.ts";
import { serviceAccountToken } from "./cluster-tokens.ts";
import type { ContractWorld } from "./definition.ts";
import { contractSuite } from "./suite.ts";
import { startVaultWorld, type VaultAccess } from "./vault-world.ts";

async function json<T>(cluster: ControlPlane, path: string): Promise<T> {
  const { body } = await cluster.request({ path });
  // The key set has a media type of its own, so that it comes as text.
  return (typeof body === "string" ? JSON.parse(body) : body) as T;
}

async function jwtAccess(cluster: ControlPlane, vault: Vault): Promise<VaultAccess> {
  const { issuer } = await json<{ readonly issuer: string }>(cluster, "/.well-known/openid-configuration");
  const { keys } = await json<{ readonly keys: readonly JsonWebKey[] }>(cluster, "/openid/v1/jwks");
  const pems = keys.map((key) => createPublicKey({ key, format: "jwk" }).export({ type: "spki", format: "pem" }));
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

async function start(): Promise<ContractWorld> {
  const cluster = await startControlPlane({ controllerManager: false });
  try {
    const prepare = (vault: Vault) => jwtAccess(cluster, vault);
    const world = await startVaultWorld({ version: "v2", mount: "secret", plugins: true, prepare });
    const stop = async () => {
      await world.stop();
      await cluster.stop();
    };
    return { ...world, stop };
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

contractSuite({
  name: "vault, KV version 2, JWT auth",
  capabilities: { values: "jsonObjects", versions: true, tags: true, push: true, network: true },
  start,
});
