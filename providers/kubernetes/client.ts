/** One opened Kubernetes store. */
import type { SecretsClient, StoreIdentity } from "../contract.ts";
import { ReferentNamespaceMissing } from "../errors.ts";
import { findSecrets } from "./find.ts";
import type { KubeApi } from "./kube-api.ts";
import { requireReadAccess } from "./permissions.ts";
import { deleteSecret, pushSecret, secretExists } from "./push.ts";
import { readSecret, readSecretMap } from "./read.ts";

/** `namespace`: the remote one. */
export function createKubernetesClient(api: KubeApi, store: StoreIdentity, namespace: string): SecretsClient {
  const place = { api, store, namespace };
  return {
    getSecret: (ref, signal) => readSecret(api, namespace, ref, signal),
    getSecretMap: (ref, signal) => readSecretMap(api, namespace, ref, signal),
    findSecrets: (find, signal) => findSecrets(api, namespace, find, signal),
    async validate(signal) {
      try {
        await requireReadAccess(api, namespace, signal);
        return "Ready";
      } catch (error) {
        if (error instanceof ReferentNamespaceMissing) return "Unknown";
        throw error;
      }
    },
    secretExists: (ref, signal) => secretExists(place, ref, signal),
    pushSecret: (ref, value, signal) => pushSecret(place, ref, value, signal),
    deleteSecret: (ref, signal) => deleteSecret(place, ref, signal),
    async close() {
      api.close();
    },
  };
}
