/** Which path of the API server serves which kind. */
import { type ApiConnection, ApiError } from "./api-request.ts";
import { isList, isProperties, stringAt } from "./property-values.ts";

export interface ServedKind {
  /** `/api/v1` or `/apis/group/version`. */
  readonly root: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

export interface Discovery {
  /** Resolves to `undefined` when the server has no such kind now; it is asked again at each call then. */
  find(apiVersion: string, kind: string): Promise<ServedKind | undefined>;
}

/** Asks the server once per group and version, and again when a kind is unknown: definitions appear during a run. */
export function createDiscovery(connection: ApiConnection): Discovery {
  const known = new Map<string, ReadonlyMap<string, ServedKind>>();
  async function load(apiVersion: string): Promise<ReadonlyMap<string, ServedKind>> {
    const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const kinds = new Map<string, ServedKind>();
    const answer = await connection.send({ method: "GET", path: root });
    const resources = answer.resources;
    for (const resource of isList(resources) ? resources : []) {
      if (!isProperties(resource)) continue;
      const plural = stringAt(resource, "name");
      if (plural.includes("/")) continue;
      kinds.set(stringAt(resource, "kind"), { root, plural, namespaced: resource.namespaced === true });
    }
    return kinds;
  }
  return {
    async find(apiVersion, kind) {
      const cached = known.get(apiVersion)?.get(kind);
      if (cached !== undefined) return cached;
      try {
        const kinds = await load(apiVersion);
        known.set(apiVersion, kinds);
        return kinds.get(kind);
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return undefined;
        throw error;
      }
    },
  };
}
