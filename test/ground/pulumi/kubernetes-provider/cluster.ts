/** Reads, applies and deletes single objects of a cluster. */
import { connectApiServer } from "./api-request.ts";
import { createDiscovery, type ServedKind } from "./discovery.ts";
import type { ClusterAccess } from "./kube-config.ts";
import { type Properties, propertiesAt, stringAt } from "./property-values.ts";

/** Enough of an object to find it. */
export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  /** Ignored for kinds without namespace. */
  readonly namespace: string;
  readonly name: string;
}

export type Propagation = "Foreground" | "Background" | "Orphan";

/** Thrown when the API server has no such kind (yet). */
export class UnknownKindError extends Error {
  constructor(apiVersion: string, kind: string) {
    super(`no matches for kind "${kind}" in version "${apiVersion}": is its CustomResourceDefinition installed?`);
    this.name = "UnknownKindError";
  }
}

/** Each call throws `ApiError`, `UnknownKindError`, or the socket's error. */
export interface Cluster {
  /** Where objects go that name no namespace. */
  readonly defaultNamespace: string;
  /** Resolves to `undefined` for an unknown kind. */
  findKind(apiVersion: string, kind: string): Promise<ServedKind | undefined>;
  get(reference: ObjectReference): Promise<Properties>;
  /** Server-side apply. */
  apply(
    object: Properties,
    options: { readonly fieldManager: string; readonly force: boolean; readonly dryRun: boolean },
  ): Promise<Properties>;
  delete(reference: ObjectReference, propagation: Propagation): Promise<void>;
  close(): void;
}

export function openCluster(access: ClusterAccess): Cluster {
  const connection = connectApiServer(access);
  const discovery = createDiscovery(connection);
  async function pathOf(reference: ObjectReference): Promise<string> {
    const { apiVersion, kind, namespace, name } = reference;
    const served = await discovery.find(apiVersion, kind);
    if (served === undefined) throw new UnknownKindError(apiVersion, kind);
    const inNamespace = served.namespaced ? `/namespaces/${encodeURIComponent(namespace || access.namespace)}` : "";
    return `${served.root}${inNamespace}/${served.plural}/${encodeURIComponent(name)}`;
  }
  return {
    defaultNamespace: access.namespace,
    findKind: (apiVersion, kind) => discovery.find(apiVersion, kind),
    get: async (reference) => connection.send({ method: "GET", path: await pathOf(reference) }),
    async apply(object, { fieldManager, force, dryRun }) {
      const query = new URLSearchParams({ fieldManager, force: String(force), ...(dryRun && { dryRun: "All" }) });
      const path = `${await pathOf(referenceTo(object))}?${query}`;
      return connection.send({ method: "PATCH", path, body: object, contentType: "application/apply-patch+yaml" });
    },
    async delete(reference, propagationPolicy) {
      const body = { kind: "DeleteOptions", apiVersion: "v1", propagationPolicy };
      await connection.send({ method: "DELETE", path: await pathOf(reference), body });
    },
    close: () => connection.close(),
  };
}

export function referenceTo(object: Properties): ObjectReference {
  const metadata = propertiesAt(object, "metadata");
  return {
    apiVersion: stringAt(object, "apiVersion"),
    kind: stringAt(object, "kind"),
    namespace: stringAt(metadata, "namespace"),
    name: stringAt(metadata, "name"),
  };
}
