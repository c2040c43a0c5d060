/** A backend that consists of given values: for trying out ExternalSecrets without one. */
import type { FindRef, RemoteRef, SecretsClient } from "../providers/contract.ts";
import { InvalidConfiguration, SecretNotFound } from "../providers/errors.ts";
import { nameMatcher } from "../providers/name-matcher.ts";
import { jsonToSecretMap, requireProperty } from "../providers/property/index.ts";
import { SecretMap } from "../providers/secret-map.ts";

/** Reads the values by key, in whatever version; finds them by name and by path. Nothing can be pushed. */
export function createValuesClient(values: SecretMap): SecretsClient {
  const getSecret = async ({ key, property }: RemoteRef): Promise<Uint8Array> => {
    const value = values.get(key);
    if (value === undefined) {
      throw new SecretNotFound(`secret "${key}" is not among the values`, {
        remoteKey: key,
        remedy: "add the key to the file of values",
      });
    }
    return property === undefined ? value : requireProperty(value, key, property);
  };
  const refuse = async (): Promise<never> => {
    throw new InvalidConfiguration("given values cannot be written");
  };
  return {
    getSecret,
    getSecretMap: async (ref) => jsonToSecretMap(await getSecret(ref), ref.key),
    findSecrets: async (find) => found(values, find),
    validate: async () => "Ready",
    secretExists: async ({ remoteKey }) => values.has(remoteKey),
    pushSecret: refuse,
    deleteSecret: refuse,
    async close() {},
  };
}

function found(values: SecretMap, { nameRegexp, path = "", tags }: FindRef): SecretMap {
  if (tags !== undefined) {
    throw new InvalidConfiguration("given values have no tags", {
      field: "spec.dataFrom[].find.tags",
      remedy: "find by name, or use a store",
    });
  }
  const matches = nameMatcher(nameRegexp);
  return new SecretMap([...values].filter(([key]) => key.startsWith(path) && matches(key)));
}
