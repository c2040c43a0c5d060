/** A store of Secrets Manager that is open. */
import type { AwsProviderSpec } from "../../api/stores/aws.ts";
import type { PushRef, RemoteRef, SecretsClient } from "../contract.ts";
import { jsonToSecretMap, selectProperty } from "../property/index.ts";
import type { CurrentValues } from "./current-values.ts";
import { findSecrets } from "./find-secrets.ts";
import { orAbsent } from "./or-absent.ts";
import type { PolicyReader } from "./policy-and-replicas.ts";
import { deleteSecret, pushSecret } from "./push-secret.ts";
import { readSecret, readValue } from "./read-secret.ts";
import type { SecretsManagerApi } from "./secrets-manager-api.ts";
import { validationOf } from "./validation.ts";

/** What the client is made of; it closes all of it. */
export interface AwsClientParts {
  readonly spec: AwsProviderSpec;
  readonly api: SecretsManagerApi;
  /** For the resource policies of pushes. */
  readonly reader: PolicyReader;
  readonly currentValues: CurrentValues;
  /** Ends what else holds connections. */
  readonly closeOthers: () => void;
}

/** Keeps credentials, but never a value: each call reads the backend. */
export function createAwsClient({ spec, api, reader, currentValues, closeOthers }: AwsClientParts): SecretsClient {
  const prefix = spec.prefix ?? "";
  const keyOf = (ref: PushRef) => prefix + ref.remoteKey;
  const getSecret = (ref: RemoteRef, signal: AbortSignal) =>
    readSecret({ api, currentValues }, prefix + ref.key, ref, signal);
  return {
    getSecret,
    getSecretMap: async (ref, signal) => jsonToSecretMap(await getSecret(ref, signal), prefix + ref.key),
    findSecrets: (find, signal) => findSecrets(api, find, prefix, signal),
    validate: (signal) => validationOf(api.probe(signal)),
    async secretExists(ref, signal) {
      const value = await orAbsent(readValue(api, keyOf(ref), undefined, signal));
      return value !== undefined && (!ref.property || selectProperty(value, ref.property) !== undefined);
    },
    pushSecret: (ref, value, signal) => pushSecret({ api, reader }, keyOf(ref), ref, value, signal),
    deleteSecret: (ref, signal) => deleteSecret(api, keyOf(ref), ref, spec.secretsManager, signal),
    async close() {
      api.close();
      closeOthers();
    },
  };
}
