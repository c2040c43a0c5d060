/** The function `kubernetes:yaml:decode` that the SDK's own YAML components call. */
import { parseAllDocuments } from "yaml";
import { withMetadata } from "./object-inputs.ts";
import { isProperties, type Properties, propertiesAt, stringAt, type Value } from "./property-values.ts";
import type { ProviderContext } from "./provider-options.ts";

/** The objects in `text`; those of namespaced kinds without a namespace get `defaultNamespace`, if there is one. */
export async function decodeYaml(
  context: ProviderContext,
  text: string,
  defaultNamespace: string,
): Promise<Properties[]> {
  const objects: Properties[] = [];
  for (const document of parseAllDocuments(text)) {
    const [error] = document.errors ?? [];
    if (error !== undefined) throw error;
    const object: Value = document.toJS();
    if (!isProperties(object) || stringAt(object, "kind") === "" || stringAt(object, "apiVersion") === "") continue;
    objects.push(defaultNamespace === "" ? object : await inNamespace(context, object, defaultNamespace));
  }
  return objects;
}

async function inNamespace(context: ProviderContext, object: Properties, namespace: string): Promise<Properties> {
  const served = await context.cluster.findKind(stringAt(object, "apiVersion"), stringAt(object, "kind"));
  const metadata = propertiesAt(object, "metadata");
  if (served?.namespaced === false || metadata.namespace !== undefined) return object;
  return withMetadata(object, { ...metadata, namespace });
}
