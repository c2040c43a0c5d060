/** A store of Secrets Manager that is open. */
import type { AwsProviderSpec } from "../../api/stores/aws.ts";
import type { PushRef, RemoteRef, SecretsClient } from "../contract.ts";
import { ReferentNamespaceMissing, SecretNotFound } from "../errors.ts";
import { jsonToSecretMap, selectProperty } from "../property/index.ts";
import { findSecrets } from "./find-secrets.ts";
import { deleteSecret, pushSecret } from "./push-secret.ts";
import { readSecret, readValue } from "./read-secret.ts";
import type { SecretsManagerApi } from "./secrets-manager-api.ts";

/** What the client is made of; it closes all of it. */
export interface AwsClientParts {
  readonly spec: AwsProviderSpec;
  readonly api: SecretsManagerApi;
  /** Ends what else holds connections. */
  readonly closeOthers: () => void;
}

/** Keeps credentials, but never a value: each call reads the backend. */
export function createAwsClient({ spec, api, closeOthers }: AwsClientParts): SecretsClient {
  const prefix = spec.prefix ?? "";
  const keyOf = (ref: PushRef) => prefix + ref.remoteKey;
  const getSecret = (ref: RemoteRef, signal: AbortSignal) => readSecret(api, prefix + ref.key, ref, signal);
  return {
    getSecret,
    getSecretMap: async (ref, signal) => jsonToSecretMap(await getSecret(ref, signal), prefix + ref.key),
    findSecrets: (find, signal) => findSecrets(api, find, prefix, signal),
    /** More than ESO, which only looks whether there are credentials: AWS has to accept them. Needs no permission. */
    async validate(signal) {
      try {
        await api.probe(signal);
        return "Ready";
      } catch (error) {
        if (error instanceof ReferentNamespaceMissing) return "Unknown";
        throw error;
      }
    },
    async secretExists(ref, signal) {
      try {
        const value = await readValue(api, keyOf(ref), undefined, signal);
        return !ref.property || selectProperty(value, ref.property) !== undefined;
      } catch (error) {
        if (error instanceof SecretNotFound) return false;
        throw error;
      }
    },
    pushSecret: (ref, value, signal) => pushSecret(api, keyOf(ref), ref, value, signal),
    deleteSecret: (ref, signal) => deleteSecret(api, keyOf(ref), ref, spec.secretsManager, signal),
    async close() {
      api.close();
      closeOthers();
    },
  };
}
