/** `dataFrom[].find` in a vault: all secrets are listed, and those that match are read. */
import { mapBounded } from "../bounded-parallel.ts";
import type { FindRef } from "../contract.ts";
import { InvalidConfiguration, SecretNotFound } from "../errors.ts";
import { nameMatcher } from "../name-matcher.ts";
import { SecretMap } from "../secret-map.ts";
import type { KeyVaultApi } from "./key-vault-api.ts";
import { objectKeyOf } from "./object-key.ts";
import { bytesOfObject } from "./read.ts";
import { listSecrets, readObject } from "./vault-objects.ts";

/** Requests at once. */
const PARALLEL = 8;

/**
 * The enabled secrets that meet all conditions, by name; without conditions all, as in ESO.
 * @throws InvalidConfiguration for a path, which vaults do not have, and for an expression that does not compile.
 */
export async function findSecrets(api: KeyVaultApi, find: FindRef, signal: AbortSignal): Promise<SecretMap> {
  if (find.path) {
    throw new InvalidConfiguration("dataFrom[].find.path has no meaning in Azure Key Vault", {
      field: "spec.dataFrom[].find.path",
      remedy: "use find.name.regexp or find.tags",
    });
  }
  const matches = nameMatcher(find.nameRegexp);
  const tags = Object.entries(find.tags ?? {});
  const names: string[] = [];
  for await (const secret of listSecrets(api, signal)) {
    const fits = secret.isEnabled && matches(secret.name) && tags.every(([tag, value]) => secret.tags[tag] === value);
    if (fits) names.push(secret.name);
  }
  const values = await mapBounded(names, PARALLEL, (name) => readUnlessGone(api, name, signal));
  const found = names.map((name, index) => [name, values[index]] as const);
  return new SecretMap(found.filter((entry): entry is [string, Uint8Array] => entry[1] !== undefined));
}

async function readUnlessGone(api: KeyVaultApi, name: string, signal: AbortSignal): Promise<Uint8Array | undefined> {
  const key = objectKeyOf(name);
  try {
    return bytesOfObject(key, await readObject(api, key, undefined, signal));
  } catch (error) {
    if (error instanceof SecretNotFound) return undefined;
    throw error;
  }
}
