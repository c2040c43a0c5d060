/** From `apiVersion` and `kind` to the resource type that the API server has for them. */
import type { TargetKind } from "../../engine/generic-target.ts";
import { InvalidExternalSecret, TargetKindUnknown } from "../external-secret/problems.ts";
import type { GroupVersion, KubeClient, ResourceType } from "../kube/contracts.ts";
import { isNotFound } from "../kube/kube-api-error.ts";

/** A DNS name and a version: nothing that could lead to another path. */
const API_VERSION = /^(?:(?<group>[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?)\/)?(?<version>[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)$/;

/** `apiVersion/kind`, as a key of maps. */
export function kindKeyOf({ apiVersion, kind }: TargetKind): string {
  return `${apiVersion}/${kind}`;
}

/** What was discovered; what is not known is asked for each time. */
export class ResourceTypes {
  readonly #kube: Pick<KubeClient, "resourceTypes">;
  readonly #known = new Map<string, ResourceType>();

  constructor(kube: Pick<KubeClient, "resourceTypes">) {
    this.#kube = kube;
  }

  /** @throws TargetKindUnknown, InvalidExternalSecret where objects of the kind have no namespace, KubeApiError */
  async find(target: TargetKind, signal: AbortSignal): Promise<ResourceType> {
    const key = kindKeyOf(target);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const found = await this.#discover(target, signal);
    if (!found.namespaced) {
      throw new InvalidExternalSecret(
        `spec.target.manifest: objects of kind "${target.kind}" have no namespace, and an ExternalSecret writes into its own only`,
        { field: "spec.target.manifest", remedy: "name a namespaced kind" },
      );
    }
    this.#known.set(key, found);
    return found;
  }

  /** After a 404: its CRD may have gone, or come again with another name. */
  forget(target: TargetKind): void {
    this.#known.delete(kindKeyOf(target));
  }

  async #discover(target: TargetKind, signal: AbortSignal): Promise<ResourceType> {
    const groupVersion = groupVersionOf(target);
    if (groupVersion === undefined) throw unknown(target);
    try {
      const types = await this.#kube.resourceTypes(groupVersion, signal);
      const found = types.find(({ kind }) => kind === target.kind);
      if (found !== undefined) return found;
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    throw unknown(target);
  }
}

function groupVersionOf({ apiVersion }: TargetKind): GroupVersion | undefined {
  const { group = "", version } = API_VERSION.exec(apiVersion)?.groups ?? {};
  return version === undefined ? undefined : { group, version };
}

function unknown({ apiVersion, kind }: TargetKind): TargetKindUnknown {
  const message = `spec.target.manifest: the API server has no kind ${JSON.stringify(kind)} in ${JSON.stringify(apiVersion)}`;
  return new TargetKindUnknown(message, {
    field: "spec.target.manifest",
    remedy: "correct apiVersion and kind, or install the kind's CRD",
  });
}
