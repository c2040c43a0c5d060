/** Reads the ConfigMaps and Secrets that `templateFrom` names, from the API server each time: they are not cached. */
import type { TemplateSources } from "../../engine/render-external-secret.ts";
import type { KubeSecret } from "../cache/secret-record.ts";
import { CONFIG_MAP, SECRET } from "../core-resources.ts";
import type { KubeClient, KubeObject, ResourceType } from "../kube/contracts.ts";
import { isNotFound } from "../kube/kube-api-error.ts";

interface KubeConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

/** Reads in that namespace only. */
export function templateSources(kube: KubeClient, namespace: string): TemplateSources {
  const read = async <T extends KubeObject>(type: ResourceType, name: string, signal: AbortSignal) => {
    try {
      return await kube.get<T>(type, { name, namespace }, signal);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  };
  return {
    async readConfigMap(name, signal) {
      const found = await read<KubeConfigMap>(CONFIG_MAP, name, signal);
      return found && bytesOf(found.data, "utf8");
    },
    async readSecret(name, signal) {
      const found = await read<KubeSecret>(SECRET, name, signal);
      return found && bytesOf(found.data, "base64");
    },
  };
}

function bytesOf(data: Readonly<Record<string, string>> = {}, encoding: BufferEncoding): Map<string, Uint8Array> {
  return new Map(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, encoding)]));
}
