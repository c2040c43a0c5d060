/** The CRDs of our API groups as they are in the cluster, those of ESO's kinds included. */
import { API_GROUP, GENERATORS_GROUP } from "../../api/resource-types.ts";
import { CUSTOM_RESOURCE_DEFINITION } from "../core-resources.ts";
import { collectObjects } from "../kube/collect-objects.ts";
import type { KubeClient, KubeObject, ResourceType } from "../kube/contracts.ts";

/** What is read of a CRD. */
export interface OwnCrd {
  readonly name: string;
  readonly resourceVersion: string | undefined;
  readonly annotations: Readonly<Record<string, string>>;
  /** Its objects, in a version that is served. */
  readonly type: ResourceType;
  /** The version that objects are stored in from now on. */
  readonly storageVersion: string;
  /** Versions that objects may be stored in. */
  readonly storedVersions: readonly string[];
}

interface CustomResourceDefinition extends KubeObject {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string; readonly plural: string };
    readonly scope: string;
    readonly versions: readonly { readonly name: string; readonly served: boolean; readonly storage: boolean }[];
  };
  readonly status?: { readonly storedVersions?: readonly string[] };
}

const GROUPS: readonly string[] = [API_GROUP, GENERATORS_GROUP];

/** Names (`plural.group`) of all CRDs of our groups. @throws KubeApiError */
export function ownCrdNames(kube: Pick<KubeClient, "list">, signal: AbortSignal): Promise<readonly string[]> {
  const pick = ({ metadata: { name } }: KubeObject) =>
    GROUPS.includes(name.slice(name.indexOf(".") + 1)) ? name : undefined;
  return collectObjects(kube, CUSTOM_RESOURCE_DEFINITION, { metadataOnly: true }, pick, signal);
}

/** @throws KubeApiError; a 404 where there is none of that name */
export async function readOwnCrd(kube: Pick<KubeClient, "get">, name: string, signal: AbortSignal): Promise<OwnCrd> {
  const crd = await kube.get<CustomResourceDefinition>(CUSTOM_RESOURCE_DEFINITION, { name }, signal);
  const { metadata, spec, status } = crd;
  const storage = spec.versions.find((version) => version.storage)?.name ?? "";
  const served = spec.versions.filter((version) => version.served).map((version) => version.name);
  const version = served.includes(storage) ? storage : (served[0] ?? storage);
  const { kind, plural } = spec.names;
  return {
    name,
    resourceVersion: metadata.resourceVersion,
    annotations: metadata.annotations ?? {},
    type: { group: spec.group, version, kind, plural, namespaced: spec.scope === "Namespaced" },
    storageVersion: storage,
    storedVersions: status?.storedVersions ?? [],
  };
}
