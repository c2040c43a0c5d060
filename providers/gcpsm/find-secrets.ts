/** Finds secrets by name, path and labels, and reads the latest version of each. */
import { mapBounded } from "../bounded-parallel.ts";
import type { FindRef } from "../contract.ts";
import { InvalidConfiguration, SecretNotFound } from "../errors.ts";
import { nameMatcher } from "../name-matcher.ts";
import { SecretMap } from "../secret-map.ts";
import { readValue, type SelectionPolicy } from "./read-secret.ts";
import { secretIdIn } from "./resource-names.ts";
import type { SecretManagerApi, SecretMetadata } from "./secret-manager-api.ts";

/** Requests at once. */
const PARALLEL = 8;
/** What needs no quoting in a filter. */
const PLAIN = /^[a-z0-9_-]+$/i;

/**
 * All secrets that meet every given condition, by name. Google narrows the list down by labels and parts of names; the exact
 * conditions are checked here.
 * @throws InvalidConfiguration where the regular expression is none, or no condition is given.
 */
export async function findSecrets(
  api: SecretManagerApi,
  policy: SelectionPolicy,
  find: FindRef,
  signal: AbortSignal,
): Promise<SecretMap> {
  const matches = conditionOf(find);
  const filter = filterOf(find);
  const names: string[] = [];
  let pageToken: string | undefined;
  do {
    const page = await api.listSecrets(filter, pageToken, signal);
    names.push(...page.items.filter(matches).map(({ name }) => secretIdIn(name)));
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  const values = await mapBounded(names, PARALLEL, (name) => readOrAbsent(api, policy, name, signal));
  const found = names.map((name, index) => [name, values[index]] as const);
  return new SecretMap(found.filter((entry): entry is [string, Uint8Array] => entry[1] !== undefined));
}

function filterOf({ path, tags = {} }: FindRef): string {
  const labels = Object.entries(tags).filter(([name, value]) => PLAIN.test(name) && PLAIN.test(value));
  const parts = labels.map(([name, value]) => `labels.${name}=${value}`);
  if (path && PLAIN.test(path)) parts.push(`name:${path}`);
  return parts.join(" AND ");
}

function conditionOf(find: FindRef): (secret: SecretMetadata) => boolean {
  const tags = Object.entries(find.tags ?? {});
  if (find.nameRegexp === undefined && !find.path && tags.length === 0) {
    throw new InvalidConfiguration("dataFrom.find has no condition", {
      field: "spec.dataFrom[].find",
      remedy: "set find.name.regexp, find.path or find.tags",
    });
  }
  const nameFits = nameMatcher(find.nameRegexp);
  return ({ name, labels = {} }) => {
    const id = secretIdIn(name);
    return nameFits(id) && id.startsWith(find.path ?? "") && tags.every(([label, value]) => labels[label] === value);
  };
}

/** What is gone since it was listed, or has no version yet, is left out; what may not be read is an error. */
async function readOrAbsent(
  api: SecretManagerApi,
  policy: SelectionPolicy,
  name: string,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  try {
    return await readValue(api, policy, name, undefined, signal);
  } catch (error) {
    if (error instanceof SecretNotFound) return undefined;
    throw error;
  }
}
