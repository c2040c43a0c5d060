/** One opened store of Google Secret Manager. */
import type { GcpSmProviderSpec } from "../../api/stores/gcpsm.ts";
import type { RemoteRef, SecretsClient } from "../contract.ts";
import { ReferentNamespaceMissing, SecretNotFound } from "../errors.ts";
import { jsonToSecretMap, selectProperty } from "../property/index.ts";
import { findSecrets } from "./find-secrets.ts";
import { deleteSecret, pushSecret } from "./push-secret.ts";
import { readSecret, readValue } from "./read-secret.ts";
import type { SecretManagerApi } from "./secret-manager-api.ts";
import { PermissionMissing } from "./secret-manager-error.ts";

/** Keeps tokens, but never a value: each call reads the backend. */
export function createGcpSmClient(spec: GcpSmProviderSpec, api: SecretManagerApi): SecretsClient {
  const policy = spec.secretVersionSelectionPolicy;
  const getSecret = (ref: RemoteRef, signal: AbortSignal) => readSecret(api, policy, ref, signal);
  return {
    getSecret,
    getSecretMap: async (ref, signal) => jsonToSecretMap(await getSecret(ref, signal), ref.key),
    findSecrets: (find, signal) => findSecrets(api, policy, find, signal),
    /** More than ESO, which only asks for a token: Secret Manager has to accept it. Needs no permission. */
    async validate(signal) {
      try {
        await api.probe(signal);
      } catch (error) {
        if (error instanceof ReferentNamespaceMissing) return "Unknown";
        // Whoever may read single secrets need not be allowed to list them.
        if (!(error instanceof PermissionMissing)) throw error;
      }
      return "Ready";
    },
    async secretExists({ remoteKey, property }, signal) {
      try {
        const value = await readValue(api, "LatestOrFetch", remoteKey, undefined, signal);
        return !property || selectProperty(value, property) !== undefined;
      } catch (error) {
        if (error instanceof SecretNotFound) return false;
        throw error;
      }
    },
    pushSecret: (ref, value, signal) => pushSecret(api, spec.location, ref, value, signal),
    deleteSecret: (ref, signal) => deleteSecret(api, ref, signal),
    async close() {
      api.close();
    },
  };
}
