/** Finds secrets by name, path and tags, and reads them in batches. */
import type { SecretListEntry } from "@aws-sdk/client-secrets-manager";
import { mapBounded } from "../bounded-parallel.ts";
import type { FindRef } from "../contract.ts";
import { InvalidConfiguration } from "../errors.ts";
import { nameMatcher } from "../name-matcher.ts";
import { SecretMap } from "../secret-map.ts";
import { orAbsent } from "./or-absent.ts";
import { payloadBytes, readValue } from "./read-secret.ts";
import { MAX_BATCH_IDS, type SecretsManagerApi } from "./secrets-manager-api.ts";

const MAX_FILTERS = 10;
const LIST_PAGE = 100;
const PARALLEL_BATCHES = 4;

interface Found {
  readonly name: string;
  readonly arn: string;
}

/**
 * All secrets that meet every given condition, by name. AWS narrows the list down by prefixes of name, tag keys and tag
 * values; the exact conditions are checked here. `prefix` is the store's, and stands for a path where none is given.
 * @throws InvalidConfiguration where the regular expression is none, or no condition is given.
 */
export async function findSecrets(
  api: SecretsManagerApi,
  find: FindRef,
  prefix: string,
  signal: AbortSignal,
): Promise<SecretMap> {
  const found = await listMatching(api, find, prefix, signal);
  const batches: Found[][] = [];
  for (let start = 0; start < found.length; start += MAX_BATCH_IDS)
    batches.push(found.slice(start, start + MAX_BATCH_IDS));
  const values = await mapBounded(batches, PARALLEL_BATCHES, (batch) => readBatch(api, batch, signal));
  return new SecretMap(values.flat());
}

async function listMatching(
  api: SecretsManagerApi,
  find: FindRef,
  prefix: string,
  signal: AbortSignal,
): Promise<readonly Found[]> {
  const matches = conditionOf(find);
  const Filters = filtersOf(find, prefix);
  const found: Found[] = [];
  let token: string | undefined;
  do {
    const page = await api.list({ Filters, MaxResults: LIST_PAGE, ...(token ? { NextToken: token } : {}) }, signal);
    for (const secret of page.SecretList ?? []) {
      const { Name: name, ARN: arn } = secret;
      if (name !== undefined && arn !== undefined && matches(secret)) found.push({ name, arn });
    }
    token = page.NextToken;
  } while (token);
  return found;
}

function filtersOf(find: FindRef, prefix: string) {
  const path = find.path || prefix;
  const filters = Object.entries(find.tags ?? {}).flatMap(([key, value]) => [
    { Key: "tag-key" as const, Values: [key] },
    // A `!` at the start would negate the filter; the tag is compared here anyway.
    ...(value === "" || value.startsWith("!") ? [] : [{ Key: "tag-value" as const, Values: [value] }]),
  ]);
  return [...(path === "" ? [] : [{ Key: "name" as const, Values: [path] }]), ...filters].slice(0, MAX_FILTERS);
}

function conditionOf(find: FindRef): (secret: SecretListEntry) => boolean {
  const tags = Object.entries(find.tags ?? {});
  if (find.nameRegexp === undefined && !find.path && tags.length === 0) {
    throw new InvalidConfiguration("dataFrom.find has no condition", {
      field: "spec.dataFrom[].find",
      remedy: "set find.name.regexp, find.path or find.tags",
    });
  }
  const nameFits = nameMatcher(find.nameRegexp);
  return (secret) => {
    const name = secret.Name ?? "";
    if (!nameFits(name)) return false;
    if (find.path && !name.startsWith(find.path)) return false;
    return tags.every(([key, value]) => secret.Tags?.some((tag) => tag.Key === key && (tag.Value ?? "") === value));
  };
}

/** What is gone since it was listed is left out; what may not be read is an error, so that no key is lost silently. */
async function readBatch(
  api: SecretsManagerApi,
  batch: readonly Found[],
  signal: AbortSignal,
): Promise<readonly (readonly [string, Uint8Array])[]> {
  const values = new Map<string, Uint8Array>();
  if (batch.length > 1) {
    // Undefined where a policy written for single reads does not name the batch operation.
    const answer = await api.batchGet(
      batch.map(({ arn }) => arn),
      signal,
    );
    for (const entry of answer?.SecretValues ?? []) {
      if (entry.Name !== undefined) values.set(entry.Name, payloadBytes(entry.Name, entry));
    }
  }
  // What the batch did not give is read alone: either it works, or it says properly why not.
  const result: [string, Uint8Array][] = [];
  for (const { name, arn } of batch) {
    const value = values.get(name) ?? (await orAbsent(readValue(api, name || arn, undefined, signal)));
    if (value !== undefined) result.push([name, value]);
  }
  return result;
}
