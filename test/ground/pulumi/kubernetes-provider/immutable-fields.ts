/** Which fields can't be changed in place, so that their change replaces the object. The same as in the official provider. */
import { type Properties, stringAt } from "./property-values.ts";
import type { ProviderOptions } from "./provider-options.ts";

const BY_KIND: Readonly<Record<string, readonly string[]>> = {
  "apps/v1/DaemonSet": ["spec.selector"],
  "apps/v1/Deployment": ["spec.selector"],
  "apps/v1/StatefulSet": [
    "spec.podManagementPolicy",
    "spec.revisionHistoryLimit",
    "spec.selector",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
  ],
  "batch/v1/Job": ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
  "rbac.authorization.k8s.io/v1/ClusterRoleBinding": ["roleRef"],
  "rbac.authorization.k8s.io/v1/RoleBinding": ["roleRef"],
  "storage.k8s.io/v1/StorageClass": ["parameters", "provisioner"],
  "v1/PersistentVolumeClaim": ["spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"],
  "v1/Pod": ["spec"],
  "v1/ResourceQuota": ["spec.scopes"],
  "v1/Secret": ["type"],
  "v1/Service": ["spec.clusterIP"],
};

/** True when a change at `path` of the object needs another object. */
export function forcesReplacement(
  object: Properties,
  path: string,
  options: ProviderOptions,
  isPatch = false,
): boolean {
  const kind = `${stringAt(object, "apiVersion")}/${stringAt(object, "kind")}`;
  const fields = [
    "apiVersion",
    "kind",
    "metadata.name",
    "metadata.namespace",
    ...(isPatch ? [] : (BY_KIND[kind] ?? [])),
  ];
  const isFrozen = object.immutable === true;
  if (!isPatch && kind === "v1/Secret" && (isFrozen || !options.secretMutable)) fields.push("data", "stringData");
  if (!isPatch && kind === "v1/ConfigMap" && (isFrozen || !options.configMapMutable)) fields.push("data", "binaryData");
  return fields.some((field) => path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`));
}
