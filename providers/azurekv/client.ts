/** One opened vault. */
import type { SecretsClient } from "../contract.ts";
import { AccessDenied, ReferentNamespaceMissing } from "../errors.ts";
import { findSecrets } from "./find.ts";
import type { KeyVaultApi } from "./key-vault-api.ts";
import { deleteSecret, pushSecret, secretExists } from "./push.ts";
import { getSecret, getSecretMap } from "./read.ts";

/** Keeps a token, but never a value: each call reads the vault. */
export function createAzureKvClient(api: KeyVaultApi): SecretsClient {
  return {
    getSecret: (ref, signal) => getSecret(api, ref, signal),
    getSecretMap: (ref, signal) => getSecretMap(api, ref, signal),
    findSecrets: (find, signal) => findSecrets(api, find, signal),
    async validate(signal) {
      try {
        await probe(api, signal);
        return "Ready";
      } catch (error) {
        if (error instanceof ReferentNamespaceMissing) return "Unknown";
        throw error;
      }
    },
    secretExists: (ref, signal) => secretExists(api, ref, signal),
    pushSecret: (ref, value, signal) => pushSecret(api, ref, value, signal),
    deleteSecret: (ref, signal) => deleteSecret(api, ref, signal),
    async close() {
      api.close();
    },
  };
}

/** More than ESO, which asks nobody: the login has to succeed, and the vault has to accept the token. */
async function probe(api: KeyVaultApi, signal: AbortSignal): Promise<void> {
  const subject = { kind: "secrets", permission: "list" } as const;
  try {
    await api.call({ method: "GET", path: "secrets", query: { maxresults: "1" }, subject }, signal);
  } catch (error) {
    // Whoever may only read single secrets may not list them; that names no field, a refused token or network does.
    if (error instanceof AccessDenied && error.details.field === undefined) return;
    throw error;
  }
}
