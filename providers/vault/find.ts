/** `dataFrom[].find` in Vault: a recursive list, then name and custom metadata. */
import { mapBounded } from "../bounded-parallel.ts";
import type { FindRef } from "../contract.ts";
import { InvalidConfiguration, SecretNotFound } from "../errors.ts";
import { nameMatcher } from "../name-matcher.ts";
import { SecretMap } from "../secret-map.ts";
import type { KvEngine } from "./kv-engine.ts";

/** Requests at once. */
const PARALLEL = 8;
/** Each is a request; a search that needs more is a mistake. */
const MAX_FOLDERS = 5_000;

/**
 * The secrets below `path` whose name (with `path`) matches and whose custom metadata has all the tags, by name.
 * @throws InvalidConfiguration for tags with version 1, an expression that does not compile, and more than 5000 folders.
 */
export async function findSecrets(kv: KvEngine, find: FindRef, signal: AbortSignal): Promise<SecretMap> {
  const matches = nameMatcher(find.nameRegexp);
  const tags = Object.entries(find.tags ?? {});
  if (tags.length > 0 && !kv.isVersion2) {
    throw new InvalidConfiguration("cannot perform find by tag operations with kv version v1", {
      field: "spec.dataFrom[].find.tags",
      remedy: "find by name, or use a KV engine of version 2",
    });
  }
  const folder = (find.path ?? "").replace(/\/+$/, "");
  const names = (await listBelow(kv, folder === "" ? "" : `${folder}/`, signal)).filter(matches);
  const values = await mapBounded(names, PARALLEL, (name) => readMatching(kv, name, tags, signal));
  const found = names.map((name, index) => [name, values[index]] as const);
  return new SecretMap(found.filter((entry): entry is [string, Uint8Array] => entry[1] !== undefined));
}

/** Level by level, so that no more than `PARALLEL` requests are under way however wide and deep the folders are. */
async function listBelow(kv: KvEngine, top: string, signal: AbortSignal): Promise<readonly string[]> {
  const secrets: string[] = [];
  let listed = 0;
  for (let folders = [top]; folders.length > 0; ) {
    listed += folders.length;
    if (listed > MAX_FOLDERS) throw tooMany(top);
    const lists = await mapBounded(folders, PARALLEL, async (folder) =>
      (await kv.list(folder, signal)).map((name) => folder + name),
    );
    const names = lists.flat();
    secrets.push(...names.filter((name) => !name.endsWith("/")));
    folders = names.filter((name) => name.endsWith("/"));
  }
  return secrets;
}

function tooMany(top: string): InvalidConfiguration {
  return new InvalidConfiguration(`there are more than ${MAX_FOLDERS} folders below "${top}"`, {
    field: "spec.dataFrom[].find.path",
    remedy: "name a path with fewer folders below it",
  });
}

/** Undefined where a tag differs, or the secret has been deleted meanwhile (or its latest version has). */
async function readMatching(
  kv: KvEngine,
  name: string,
  tags: readonly (readonly [string, string])[],
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  try {
    if (tags.length > 0) {
      const { custom } = await kv.readMetadata(name, signal);
      if (!tags.every(([tag, value]) => custom.get(tag) === value)) return undefined;
    }
    return await kv.readData(name, undefined, signal);
  } catch (error) {
    if (error instanceof SecretNotFound) return undefined;
    throw error;
  }
}
