/** From an ExternalSecret with `spec.target.manifest` to the object that must stand in the cluster. */
import type { ExternalSecret } from "../api/external-secret.ts";
import { DATA_HASH_ANNOTATION } from "../api/labels.ts";
import type { SecretMap } from "../providers/secret-map.ts";
import { contentHashOfMap } from "./content-hash.ts";
import { managedLabels, targetNameOf } from "./desired-secret.ts";
import { copiedAnnotations, type RenderParts, renderLocated } from "./render-external-secret.ts";
import { createManifestTarget } from "./targets/manifest-target.ts";
import { renderTemplates } from "./targets/render-templates.ts";
import { templateFromSteps } from "./targets/template-from.ts";
import { templateData } from "./template-engine.ts";
import { type JsonValue, jsonMapOf, plainValueOf } from "./yaml/index.ts";

type JsonMap = Map<string, JsonValue>;

/** Kinds whose content is `data`; that of all others is `spec`. */
const DATA_KINDS = ["ConfigMap", "Secret"];

/**
 * Renders the object as plain JSON. Templates go where `templateFrom[].target` and `template.data` say; without a template
 * the values are the `data` of a ConfigMap, or `spec.data`.
 * @throws InvalidConfiguration naming the template's field, without any value; whatever the sources throw
 */
export async function renderManifest(
  externalSecret: ExternalSecret,
  data: SecretMap,
  { engine, sources }: Pick<RenderParts, "engine" | "sources">,
  signal: AbortSignal,
): Promise<object> {
  const { template, manifest } = externalSecret.spec.target ?? {};
  const root = jsonMapOf(skeletonOf(externalSecret));
  if (template === undefined) putPlainData(root, data, manifest?.kind ?? "");
  else {
    const target = createManifestTarget(root);
    const values = templateData(data);
    const own = Object.entries(template.data ?? {}).map(([key, text]) => [key, Buffer.from(text)] as const);
    const steps = [
      ...(await templateFromSteps(template.templateFrom ?? [], sources, signal)),
      { field: "spec.target.template.data", scope: "Values" as const, part: "Data", templates: own },
    ];
    for (const step of steps) renderLocated(step, () => renderTemplates(step, values, target, engine));
  }
  annotateHash(root);
  return Object(plainValueOf(root));
}

/** What stands in the object before any template. Labels and annotations of a template are no templates here, as in ESO. */
function skeletonOf(externalSecret: ExternalSecret): object {
  const { metadata, spec } = externalSecret;
  const { template, manifest } = spec.target ?? {};
  const labels = template === undefined ? metadata.labels : template.metadata?.labels;
  const annotations = template === undefined ? copiedAnnotations(metadata.annotations) : template.metadata?.annotations;
  return {
    apiVersion: manifest?.apiVersion,
    kind: manifest?.kind,
    metadata: {
      name: targetNameOf(externalSecret),
      namespace: metadata.namespace ?? "",
      labels: { ...labels, ...managedLabels(externalSecret) },
      annotations: { ...annotations },
    },
    ...(DATA_KINDS.includes(manifest?.kind ?? "") ? { data: {} } : { spec: {} }),
  };
}

function putPlainData(root: JsonMap, data: SecretMap, kind: string): void {
  const texts: JsonMap = new Map([...data].map(([key, value]) => [key, Buffer.from(value).toString()]));
  if (DATA_KINDS.includes(kind)) root.set("data", texts);
  else root.set("spec", new Map([["data", texts]]));
}

function annotateHash(root: JsonMap): void {
  const metadata = root.get("metadata");
  const annotations = metadata instanceof Map ? metadata.get("annotations") : undefined;
  if (annotations instanceof Map) annotations.set(DATA_HASH_ANNOTATION, contentHashOfMap(root));
}
