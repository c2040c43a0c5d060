/** A real Vault behind a proxy that can fail, as worlds of the contract suite. */
import type { VaultProviderSpec } from "../../api/stores/vault.ts";
import type { SecretsClient } from "../../providers/contract.ts";
import { createVaultBackend } from "../../providers/vault/index.ts";
import { type ControlPlane, startControlPlane, startVault, type Vault } from "../ground/index.ts";
import type { ContractFaults, ContractWorld, OpenOptions } from "./definition.ts";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";
import { createStoreContext, type Surroundings } from "./store-context.ts";

/** What the store says, and the credentials in its cluster, by access. */
export interface VaultAccess {
  readonly auth: (access: "all" | "none") => NonNullable<VaultProviderSpec["auth"]>;
  readonly surroundings: (access: "all" | "none") => Surroundings;
  /** Secrets of these credentials; may grow. */
  readonly credentials: readonly string[];
}

export interface VaultWorldOptions {
  readonly version: "v1" | "v2";
  /** Mounted here, unless it is `secret`, which every Vault of the ground has. */
  readonly mount: string;
  /** As `startVault` has it. */
  readonly plugins?: boolean;
  /** Makes roles and credentials; the policies `all` and `none` exist. */
  readonly prepare: (vault: Vault) => Promise<VaultAccess>;
}

/** Starts a Vault, mounts the engine, and hands out clients that reach it through the proxy. */
export async function startVaultWorld(options: VaultWorldOptions): Promise<ContractWorld> {
  const { version, mount } = options;
  const vault = await startVault({ plugins: options.plugins ?? false });
  const proxy = await startFaultProxy(vault.address);
  if (mount !== "secret") {
    await vault.write(`sys/mounts/${mount}`, { type: "kv", options: { version: version === "v1" ? "1" : "2" } });
  }
  const capabilities = `{ capabilities = ["create", "read", "update", "delete", "list"] }`;
  await vault.write("sys/policies/acl/all", { policy: `path "${mount}/*" ${capabilities}` });
  await vault.write("sys/policies/acl/none", { policy: `path "elsewhere/*" ${capabilities}` });
  const access = await options.prepare(vault);
  const backend = createVaultBackend({ random: () => 0.5 });
  const data = version === "v1" ? mount : `${mount}/data`;
  const metadata = `${mount}/metadata`;
  return {
    credentials: access.credentials,
    faults: vaultFaults(proxy),
    open(opened: OpenOptions = {}): Promise<SecretsClient> {
      const { clock, requestTimeoutMs } = opened;
      const changed = { ...(clock && { clock }), ...(requestTimeoutMs && { requestTimeoutMs }) };
      const context = createStoreContext({ ...access.surroundings(opened.access ?? "all"), ...changed });
      const spec: VaultProviderSpec = {
        server: proxy.address,
        path: mount,
        version,
        auth: access.auth(opened.access ?? "all"),
      };
      return backend.open(spec, context, AbortSignal.timeout(10_000));
    },
    async put(key, value, tags) {
      const body: unknown = JSON.parse(new TextDecoder().decode(value));
      await vault.write(`${data}/${key}`, version === "v1" ? body : { data: body });
      if (tags !== undefined) await vault.write(`${metadata}/${key}`, { custom_metadata: tags });
    },
    async versionOf(key) {
      return String((await vault.read(`${metadata}/${key}`))?.current_version);
    },
    delete: (key) => vault.delete(`${data}/${key}`),
    async stop() {
      await proxy.stop();
      await vault.stop();
    },
  };
}

function vaultFaults(proxy: FaultProxy): ContractFaults {
  return {
    throttle: (count, seconds) =>
      proxy.failNext({
        status: 429,
        count,
        body: JSON.stringify({ errors: ["request path: rate limit quota exceeded"] }),
        ...(seconds === undefined ? {} : { headers: { "retry-after": String(seconds) } }),
      }),
    breakDown: (count) => proxy.failNext({ status: 503, count, body: JSON.stringify({ errors: ["Vault is sealed"] }) }),
    garble: (count) => proxy.failNext({ status: 200, count, body: "<html>welcome</html>" }),
    misroute: (count) => proxy.failNext({ status: 404, count, body: "<html>no such page</html>" }),
    hang: () => proxy.hang(),
    disconnect: () => proxy.down(),
    async heal() {
      proxy.heal();
      await proxy.up();
    },
  };
}

/** Static tokens, each with one policy. */
export async function tokenAccess(vault: Vault): Promise<VaultAccess> {
  const tokens = { all: await createToken(vault, "all"), none: await createToken(vault, "none") };
  return {
    auth: () => ({ tokenSecretRef: { name: "vault", key: "token" } }),
    surroundings: (access) => ({ secrets: { "vault/token": `${tokens[access]}\n` } }),
    credentials: Object.values(tokens),
  };
}

async function createToken(vault: Vault, policy: string): Promise<string> {
  const { auth } = await vault.write("auth/token/create", { policies: [policy], ttl: "1h" });
  return (auth as { readonly client_token: string }).client_token;
}

/** AppRoles, each with one policy. */
export async function appRoleAccess(vault: Vault): Promise<VaultAccess> {
  await vault.write("sys/auth/approle", { type: "approle" });
  const logins = { all: await createAppRole(vault, "all"), none: await createAppRole(vault, "none") };
  return {
    auth: () => ({
      appRole: { path: "approle", roleRef: { name: "role", key: "id" }, secretRef: { name: "role", key: "secret" } },
    }),
    surroundings: (access) => ({
      secrets: { "role/id": logins[access].roleId, "role/secret": logins[access].secretId },
    }),
    credentials: [logins.all.secretId, logins.none.secretId],
  };
}

async function createAppRole(vault: Vault, policy: string) {
  const role = `auth/approle/role/${policy}`;
  await vault.write(role, { token_policies: policy, token_ttl: "1h" });
  const roleId = String((await vault.read(`${role}/role-id`))?.role_id);
  const { data } = await vault.write(`${role}/secret-id`);
  return { roleId, secretId: (data as { readonly secret_id: string }).secret_id };
}

/** The same, KV version 2, with a control plane whose service accounts log in; it ends with the world. */
export async function startClusterVaultWorld(
  access: (cluster: ControlPlane, vault: Vault) => Promise<VaultAccess>,
): Promise<ContractWorld> {
  const cluster = await startControlPlane({ controllerManager: false });
  try {
    const prepare = (vault: Vault) => access(cluster, vault);
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
