/** The hashes that ESO writes into Secrets and statuses, so that taking over a cluster rewrites nothing. */
import { createHash } from "node:crypto";

const sha3 = (text: string): string => createHash("sha3-224").update(text).digest("hex");

/** Go sorts map keys by their UTF-8 bytes; JavaScript's own order is by UTF-16 units. */
function sortedKeys(keys: Iterable<string>): string[] {
  return [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

/**
 * The annotation `reconcile.external-secrets.io/data-hash`: hex SHA3-224 of what Go's `fmt.Sprintf("%+v", data)` prints
 * for a `map[string][]byte`, such as `map[a:[98 97 114]]`.
 */
export function dataHash(data: ReadonlyMap<string, Uint8Array>): string {
  const hash = createHash("sha3-224").update("map[");
  let separator = "";
  for (const key of sortedKeys(data.keys())) {
    hash.update(`${separator}${key}:[${data.get(key)?.join(" ") ?? ""}]`);
    separator = " ";
  }
  return hash.update("]").digest("hex");
}

/** The same annotation on an object that is no Secret: of what Go's `%+v` prints for its content, given as a Go string. */
export function contentHash(printed: string): string {
  return createHash("sha3-224").update(printed, "latin1").digest("hex");
}

function goMap(map: Readonly<Record<string, string>> | undefined): string {
  const pairs = sortedKeys(Object.keys(map ?? {})).map((key) => `${key}:${map?.[key]}`);
  return `map[${pairs.join(" ")}]`;
}

/** What `syncedResourceVersion` needs of an object's metadata. */
export interface VersionedMeta {
  readonly generation?: number | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

/** `status.syncedResourceVersion`: the generation and a hash of labels and annotations, which a generation does not count. */
export function syncedResourceVersion(meta: VersionedMeta): string {
  return `${meta.generation ?? 0}-${sha3(`{annotations:${goMap(meta.annotations)} labels:${goMap(meta.labels)}}`)}`;
}
