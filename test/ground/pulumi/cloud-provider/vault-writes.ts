/** Policies and roles go to a real Vault where VAULT_ADDR names one, so that what a program grants can be used. */
import { type Properties, stringAt } from "../kubernetes-provider/property-values.ts";

const TIMEOUT_MS = 10_000;

export interface VaultAccess {
  readonly address: string;
  readonly token: string;
}

/** `undefined` where the environment names no Vault. */
export function vaultAccess(environment: Readonly<Record<string, string | undefined>>): VaultAccess | undefined {
  const { VAULT_ADDR: address, VAULT_TOKEN: token } = environment;
  return address && token ? { address, token } : undefined;
}

const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Vault's path of the object and what is written there; `undefined` for kinds that stay imaginary. */
function vaultObject(type: string, inputs: Properties): { path: string; body: Properties } | undefined {
  if (type === "vault:index/policy:Policy") {
    return { path: `sys/policies/acl/${stringAt(inputs, "name")}`, body: { policy: stringAt(inputs, "policy") } };
  }
  if (type === "vault:kubernetes/authBackendRole:AuthBackendRole") {
    const path = `auth/${stringAt(inputs, "backend") || "kubernetes"}/role/${stringAt(inputs, "roleName")}`;
    const { backend: _backend, roleName: _roleName, namespace: _namespace, ...settings } = inputs;
    return {
      path,
      body: Object.fromEntries(Object.entries(settings).map(([name, value]) => [snakeCase(name), value])),
    };
  }
  return undefined;
}

async function request(vault: VaultAccess, method: "POST" | "DELETE", path: string, body?: Properties): Promise<void> {
  const response = await fetch(`${vault.address}/v1/${path}`, {
    method,
    headers: { "X-Vault-Token": vault.token },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`Vault answered ${response.status} to ${method} ${path}: ${await response.text()}`);
}

/** Creates or overwrites. */
export async function writeToVault(vault: VaultAccess, type: string, inputs: Properties): Promise<void> {
  const object = vaultObject(type, inputs);
  if (object !== undefined) await request(vault, "POST", object.path, object.body);
}

/** One that is gone already is no error. */
export async function deleteFromVault(vault: VaultAccess, type: string, inputs: Properties): Promise<void> {
  const object = vaultObject(type, inputs);
  if (object !== undefined) await request(vault, "DELETE", object.path);
}
