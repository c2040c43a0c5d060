/** A Service that selects Pods counts as ready when one of them is, as in the official provider. */
import { ApiError } from "./api-request.ts";
import { type Cluster, referenceTo } from "./cluster.ts";
import { isList, isProperties, type Properties, propertiesAt } from "./property-values.ts";

/** Says so when no ready Pod is behind the Service; always empty for headless Services and for other kinds. */
export async function lackOfEndpoints(cluster: Cluster, object: Properties): Promise<string[]> {
  if (object.apiVersion !== "v1" || object.kind !== "Service") return [];
  const spec = propertiesAt(object, "spec");
  const selectsNothing = Object.keys(propertiesAt(spec, "selector")).length === 0;
  if (selectsNothing || spec.type === "ExternalName" || spec.clusterIP === "None") return [];
  if (await hasEndpoints(cluster, object)) return [];
  return ["The Service targets no ready Pod: the selected Pods may not be ready, or spec.selector matches none"];
}

async function hasEndpoints(cluster: Cluster, service: Properties): Promise<boolean> {
  try {
    const endpoints = await cluster.get({ ...referenceTo(service), kind: "Endpoints" });
    const subsets = endpoints.subsets;
    return isList(subsets) && subsets.some((subset) => isProperties(subset) && isList(subset.addresses));
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return false;
    throw error;
  }
}
