/** A store of Parameter Store that is open. */
import type { AwsProviderSpec } from "../../../api/stores/aws.ts";
import type { PushRef, RemoteRef, SecretsClient } from "../../contract.ts";
import { jsonToSecretMap, selectProperty } from "../../property/index.ts";
import { orAbsent } from "../or-absent.ts";
import { validationOf } from "../validation.ts";
import { findParameters } from "./find-parameters.ts";
import type { ParameterStoreApi } from "./parameter-store-api.ts";
import { deleteParameter, pushParameter } from "./push-parameter.ts";
import { readParameter, readValue } from "./read-parameter.ts";

/** What the client is made of; it closes all of it. */
export interface ParameterStoreParts {
  readonly spec: AwsProviderSpec;
  readonly api: ParameterStoreApi;
  /** Ends what else holds connections. */
  readonly closeOthers: () => void;
}

/** Keeps credentials, but never a value: each call reads the backend. */
export function createParameterStoreClient({ spec, api, closeOthers }: ParameterStoreParts): SecretsClient {
  const prefix = spec.prefix ?? "";
  const keyOf = (ref: PushRef) => prefix + ref.remoteKey;
  const getSecret = (ref: RemoteRef, signal: AbortSignal) => readParameter(api, prefix + ref.key, ref, signal);
  return {
    getSecret,
    getSecretMap: async (ref, signal) => jsonToSecretMap(await getSecret(ref, signal), prefix + ref.key),
    findSecrets: (find, signal) => findParameters(api, find, prefix, signal),
    validate: (signal) => validationOf(api.probe(signal)),
    async secretExists(ref, signal) {
      const value = await orAbsent(readValue(api, keyOf(ref), undefined, signal));
      return value !== undefined && (!ref.property || selectProperty(value, ref.property) !== undefined);
    },
    pushSecret: (ref, value, signal) => pushParameter(api, keyOf(ref), ref, value, signal),
    deleteSecret: (ref, signal) => deleteParameter(api, keyOf(ref), ref, signal),
    async close() {
      api.close();
      closeOthers();
    },
  };
}
