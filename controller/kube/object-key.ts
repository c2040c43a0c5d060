/** Keys of objects in caches and queues: `namespace/name`, or `name` for cluster-scoped objects. */
import type { ObjectName } from "./contracts.ts";

/** The key of an object's metadata (or of any name with an optional namespace). */
export function keyOf(meta: ObjectName): string {
  return meta.namespace === undefined || meta.namespace === "" ? meta.name : `${meta.namespace}/${meta.name}`;
}

/** The inverse of `keyOf`. Names hold no slash, so the first one divides. */
export function splitKey(key: string): ObjectName {
  const slash = key.indexOf("/");
  return slash < 0 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
