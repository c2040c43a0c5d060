/** Objects from files in the place of an API server: they can be read by name, and nothing else. */
import type { KubeClient, KubeObject, ResourceType } from "../kube/contracts.ts";
import { KubeApiError } from "../kube/kube-api-error.ts";
import { keyOf } from "../kube/object-key.ts";

/** An object as it stands in a manifest; `stringData` of Secrets is taken for data. */
export interface FileObject extends KubeObject {
  readonly kind: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
}

/** A client that finds these objects, the last one of a name, and refuses every other call. */
export function createFileCluster(objects: readonly FileObject[]): KubeClient {
  const byKey = new Map(objects.map((object) => [`${object.kind}/${keyOf(object.metadata)}`, served(object)]));
  const refuse = (): never => {
    throw refusal(501, "NotImplemented", "there is no cluster here: only what stands in the files can be read");
  };
  return {
    async get<T extends KubeObject>(type: ResourceType, name: Parameters<KubeClient["get"]>[1]) {
      const object = byKey.get(`${type.kind}/${keyOf(name)}`);
      if (object === undefined) throw refusal(404, "NotFound", `${type.kind} "${keyOf(name)}" is not in the files`);
      return object as KubeObject as T;
    },
    list: refuse,
    watch: refuse,
    create: refuse,
    apply: refuse,
    mergePatch: refuse,
    delete: refuse,
    createToken: refuse,
    resourceTypes: refuse,
    close() {},
  };
}

function served(object: FileObject): FileObject {
  if (object.kind !== "Secret" || object.stringData === undefined) return object;
  const texts = Object.entries(object.stringData).map(([key, text]) => [key, Buffer.from(text).toString("base64")]);
  return { ...object, data: { ...object.data, ...Object.fromEntries(texts) } };
}

function refusal(status: number, reason: string, message: string): KubeApiError {
  return new KubeApiError(message, { status, reason });
}
