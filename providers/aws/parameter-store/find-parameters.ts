/** Finds parameters by path, name and tags. */
import type { ParameterStringFilter } from "@aws-sdk/client-ssm";
import { mapBounded } from "../../bounded-parallel.ts";
import type { FindRef } from "../../contract.ts";
import { AccessDenied, InvalidConfiguration } from "../../errors.ts";
import { nameMatcher } from "../../name-matcher.ts";
import { SecretMap } from "../../secret-map.ts";
import { orAbsent } from "../or-absent.ts";
import type { ParameterStoreApi } from "./parameter-store-api.ts";
import { readValue, valueBytes } from "./read-parameter.ts";

/** AWS's largest pages and batches. */
const VALUE_PAGE = 10;
const DESCRIPTION_PAGE = 50;
const BATCH_SIZE = 10;
const PARALLEL_BATCHES = 4;

type Entry = readonly [name: string, value: Uint8Array];

/** What is looked at: everything below a path of AWS's hierarchy, and of that what fits. */
interface Scope {
  /** `/` is all, also names without a slash. */
  readonly folder: string;
  readonly fits: (name: string) => boolean;
}

/**
 * All parameters that meet every given condition, by name. `find.path` is a path of the hierarchy where it begins with a slash,
 * otherwise the beginning of the name; the store's `prefix` stands for it where it is not given.
 * @throws InvalidConfiguration where the regular expression is none, or no condition is given.
 */
export async function findParameters(
  api: ParameterStoreApi,
  find: FindRef,
  prefix: string,
  signal: AbortSignal,
): Promise<SecretMap> {
  const tags = Object.entries(find.tags ?? {});
  if (find.nameRegexp === undefined && !find.path && tags.length === 0) {
    throw new InvalidConfiguration("dataFrom.find has no condition", {
      field: "spec.dataFrom[].find",
      remedy: "set find.name.regexp, find.path or find.tags",
    });
  }
  const scope = scopeOf(find, prefix);
  // Only descriptions can be searched by tags.
  if (tags.length > 0) return new SecretMap(await describedValues(api, scope, tags, signal));
  try {
    return new SecretMap(await valuesByPath(api, scope, signal));
  } catch (error) {
    // ESO goes on so too, for policies that allow ssm:DescribeParameters and ssm:GetParameter only.
    if (!(error instanceof AccessDenied)) throw error;
    const values = await orDenied(describedValues(api, scope, tags, signal));
    // The recommended permission is the one to name.
    if (values === undefined) throw error;
    return new SecretMap(values);
  }
}

function scopeOf(find: FindRef, prefix: string): Scope {
  const nameFits = nameMatcher(find.nameRegexp);
  if (find.path?.startsWith("/")) return { folder: find.path.replace(/\/+$/, "") || "/", fits: nameFits };
  const beginning = find.path || prefix;
  return {
    folder: (beginning.startsWith("/") && beginning.slice(0, beginning.lastIndexOf("/"))) || "/",
    fits: (name) => name.startsWith(beginning) && nameFits(name),
  };
}

async function valuesByPath(api: ParameterStoreApi, scope: Scope, signal: AbortSignal): Promise<readonly Entry[]> {
  const found: Entry[] = [];
  let token: string | undefined;
  do {
    const input = { Path: scope.folder, Recursive: true, MaxResults: VALUE_PAGE };
    const page = await api.byPath({ ...input, ...(token ? { NextToken: token } : {}) }, signal);
    for (const parameter of page.Parameters ?? []) {
      const { Name: name } = parameter;
      if (name !== undefined && scope.fits(name)) found.push([name, valueBytes(name, parameter)]);
    }
    token = page.NextToken;
  } while (token);
  return found;
}

async function describedValues(
  api: ParameterStoreApi,
  scope: Scope,
  tags: readonly (readonly [string, string])[],
  signal: AbortSignal,
): Promise<readonly Entry[]> {
  const names = await describedNames(api, scope, tags, signal);
  const batches: string[][] = [];
  for (let start = 0; start < names.length; start += BATCH_SIZE) batches.push(names.slice(start, start + BATCH_SIZE));
  return (await mapBounded(batches, PARALLEL_BATCHES, (batch) => readBatch(api, batch, signal))).flat();
}

async function describedNames(
  api: ParameterStoreApi,
  scope: Scope,
  tags: readonly (readonly [string, string])[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const ParameterFilters: ParameterStringFilter[] = tags.map(([key, value]) => ({
    Key: `tag:${key}`,
    Option: "Equals",
    Values: [value],
  }));
  if (scope.folder !== "/") ParameterFilters.push({ Key: "Path", Option: "Recursive", Values: [scope.folder] });
  const names: string[] = [];
  let token: string | undefined;
  do {
    const input = { ParameterFilters, MaxResults: DESCRIPTION_PAGE, ...(token ? { NextToken: token } : {}) };
    const page = await api.describe(input, signal);
    for (const { Name: name } of page.Parameters ?? []) if (name !== undefined && scope.fits(name)) names.push(name);
    token = page.NextToken;
  } while (token);
  return names;
}

/** What is gone since it was listed is left out; what may not be read is an error, so that no key is lost silently. */
async function readBatch(
  api: ParameterStoreApi,
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly Entry[]> {
  // Policies written for single reads do not name the batch operation; AWS refuses a batch whole.
  const answers = names.length > 1 ? ((await orDenied(api.getMany(names, signal))) ?? []) : [];
  const values = new Map(answers.map((parameter) => [parameter.Name, parameter]));
  const result: Entry[] = [];
  for (const name of names) {
    const answer = values.get(name);
    const value =
      answer === undefined ? await orAbsent(readValue(api, name, undefined, signal)) : valueBytes(name, answer);
    if (value !== undefined) result.push([name, value]);
  }
  return result;
}

async function orDenied<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof AccessDenied) return undefined;
    throw error;
  }
}
