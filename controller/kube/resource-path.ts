/** Paths and queries of the API server's resources. */
import type { GroupVersion, ListOptions, ObjectName, ResourceType, WatchOptions } from "./contracts.ts";

/** `v1` or `group/version`, as objects carry it. */
export function apiVersionOf(type: GroupVersion): string {
  return type.group === "" ? type.version : `${type.group}/${type.version}`;
}

/** The path of a version of a group: what it answers names the resource types. */
export function groupPath({ group, version }: GroupVersion): string {
  return group === ""
    ? `/api/${encodeURIComponent(version)}`
    : `/apis/${encodeURIComponent(group)}/${encodeURIComponent(version)}`;
}

/** The path of a collection; without a namespace, of the whole cluster's. */
export function collectionPath(type: ResourceType, namespace?: string): string {
  const scope = type.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${groupPath(type)}${scope}/${type.plural}`;
}

/**
 * The path of one object, or of its subresource.
 * @throws TypeError where a namespaced resource comes without a namespace, or the name is empty: both would address the collection.
 */
export function objectPath(type: ResourceType, name: ObjectName, subresource?: string): string {
  if (type.namespaced && !name.namespace) throw new TypeError(`${type.plural} "${name.name}" needs a namespace`);
  if (!name.name) throw new TypeError(`an object of ${type.plural} needs a name`);
  const path = `${collectionPath(type, name.namespace)}/${encodeURIComponent(name.name)}`;
  return subresource === undefined ? path : `${path}/${subresource}`;
}

/** `?a=b&c=d` of the parameters that are set, or "". */
export function queryOf(parameters: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== "") query.set(name, String(value));
  }
  return query.size === 0 ? "" : `?${query}`;
}

/** The query of one page of a list. */
export function listQuery(options: ListOptions): string {
  return queryOf({
    labelSelector: options.labelSelector,
    fieldSelector: options.fieldSelector,
    limit: options.limit,
    continue: options.continue,
  });
}

/** The query of a watch with bookmarks. */
export function watchQuery(options: WatchOptions): string {
  return queryOf({
    watch: true,
    allowWatchBookmarks: true,
    resourceVersion: options.resourceVersion,
    timeoutSeconds: options.timeoutSeconds,
    labelSelector: options.labelSelector,
    fieldSelector: options.fieldSelector,
  });
}
