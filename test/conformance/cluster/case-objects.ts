/** The objects of a conformance case: placeholders filled in, and where each kind is served. */
import { isRecord } from "../conformance-file.ts";

/** An object as a case writes it. */
export interface CaseObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [field: string]: unknown;
}

/** Any value of the cases, with each `$NS` in its texts (keys too) replaced by the namespace. */
export function inNamespace<T>(value: T, namespace: string): T {
  return JSON.parse(JSON.stringify(value).replaceAll("$NS", namespace)) as T;
}

/** Lists by kind; what is not here is not served. */
const PLURALS: Readonly<Record<string, { readonly plural: string; readonly isClusterScoped?: true }>> = {
  Secret: { plural: "secrets" },
  ConfigMap: { plural: "configmaps" },
  ServiceAccount: { plural: "serviceaccounts" },
  Namespace: { plural: "namespaces", isClusterScoped: true },
  SecretStore: { plural: "secretstores" },
  ClusterSecretStore: { plural: "clustersecretstores", isClusterScoped: true },
  ExternalSecret: { plural: "externalsecrets" },
  Role: { plural: "roles" },
  RoleBinding: { plural: "rolebindings" },
};

/** Where objects of this kind are created. */
export function collectionOf({ apiVersion, kind, metadata }: CaseObject): string {
  const served = apiVersion.startsWith("generators.") ? undefined : PLURALS[kind];
  if (served === undefined) throw new Error(`${apiVersion} ${kind} is not served`);
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const scope = served.isClusterScoped ? "" : `/namespaces/${metadata.namespace ?? "default"}`;
  return `${root}${scope}/${served.plural}`;
}

/** The path of one object. */
export function pathOf(object: CaseObject): string {
  return `${collectionOf(object)}/${object.metadata.name}`;
}

/**
 * Names of cluster-scoped stores made unlike those of other cases, wherever a case writes them: cases run at the same
 * time in one cluster.
 */
export function withOwnClusterStores<T>(value: T, suffix: string): T {
  return renamed(value, suffix) as T;
}

function renamed(value: unknown, suffix: string): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, suffix));
  if (!isRecord(value)) return value;
  const fields = Object.entries(value).map(([key, field]) => [key, renamed(field, suffix)]);
  const copy: Record<string, unknown> = Object.fromEntries(fields);
  if (value.kind !== "ClusterSecretStore") return copy;
  // The store itself has its name in its metadata, a reference beside its kind.
  if (isRecord(value.metadata)) copy.metadata = { ...value.metadata, name: `${value.metadata.name}-${suffix}` };
  else if (typeof value.name === "string") copy.name = `${value.name}-${suffix}`;
  return copy;
}
