/** The ConfigMaps and Secrets that an ExternalSecret's `templateFrom` names: a change of one runs it at once. */
import type { ExternalSecret } from "../../api/external-secret.ts";
import type { Caches } from "../cache/caches.ts";

/** `ConfigMap/namespace/name` or `Secret/namespace/name`. */
export type TemplateInput = `${"ConfigMap" | "Secret"}/${string}/${string}`;

/** All that it names, in order. */
export function templateInputsOf({ metadata, spec }: ExternalSecret): readonly TemplateInput[] {
  const namespace = metadata.namespace ?? "";
  return (spec.target?.template?.templateFrom ?? []).flatMap(({ configMap, secret }): TemplateInput[] => [
    ...(configMap === undefined ? [] : [`ConfigMap/${namespace}/${configMap.name}` as const]),
    ...(secret === undefined ? [] : [`Secret/${namespace}/${secret.name}` as const]),
  ]);
}

/** The versions that they are in, as one text: another one means that something was edited, made or deleted. */
export function templateVersions(
  { configMapVersions, secretVersions }: Pick<Caches, "configMapVersions" | "secretVersions">,
  externalSecret: ExternalSecret,
): string {
  const versions = templateInputsOf(externalSecret).map((input) => {
    const [kind = "", namespace = "", name = ""] = input.split("/");
    const cache = kind === "ConfigMap" ? configMapVersions : secretVersions;
    return `${input}=${cache.get(`${namespace}/${name}`)?.metadata.resourceVersion ?? ""}`;
  });
  return versions.join(" ");
}
