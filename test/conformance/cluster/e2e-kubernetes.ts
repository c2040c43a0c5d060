/** The backend `kubernetes` for the cases of `e2e_common`: Secrets of another namespace of the same cluster. */
import type { CaseObject } from "./case-objects.ts";
import { type E2eBackend, jsonObjectOf, type ProviderSecret, sortedJson, storeOf } from "./e2e-backend.ts";
import type { GroundCluster } from "./ground-cluster.ts";

const READER = "store-reader";
const RBAC = "rbac.authorization.k8s.io";

/** Each case has a namespace of its own for its remote Secrets, read as a service account by a requested token. */
export function kubernetesBackend(): E2eBackend {
  return {
    name: "kubernetes",
    unsuitedTo(secrets, finds) {
      if (!secrets.every(({ value }) => jsonObjectOf(value)))
        return "a Secret has keys, so values must be JSON objects";
      if (!secrets.every(({ key }) => /^[a-z0-9.-]+$/.test(key))) return "the key is no name of a Secret";
      return finds.includes("path") ? "Secrets have no path" : undefined;
    },
    givenBack: sortedJson,
    async arrange(cluster, namespace, secrets) {
      const remoteNamespace = remoteOf(namespace);
      await cluster.createNamespace(remoteNamespace);
      for (const object of [...secrets.map((secret) => remoteSecret(remoteNamespace, secret)), ...access(namespace)]) {
        await cluster.create(object);
      }
      const server = { url: cluster.plane.server, caBundle: btoa(cluster.plane.caPem) };
      const auth = { serviceAccount: { name: READER } };
      await cluster.create(storeOf(namespace, { kubernetes: { remoteNamespace, server, auth } }));
    },
    async remove(cluster: GroundCluster, namespace, keys) {
      for (const key of keys) await cluster.delete(remoteSecret(remoteOf(namespace), { key, value: "{}" }));
    },
    async stop() {},
  };
}

function remoteOf(namespace: string): string {
  return `remote-${namespace}`;
}

/** Parts that are no texts are held as JSON. */
function remoteSecret(namespace: string, { key, value, tags }: ProviderSecret): CaseObject {
  const parts = Object.entries(jsonObjectOf(value) ?? {});
  const texts = parts.map(([name, part]) => [name, typeof part === "string" ? part : JSON.stringify(part)]);
  const metadata = { namespace, name: key, ...(tags && { labels: tags }) };
  return { apiVersion: "v1", kind: "Secret", metadata, stringData: Object.fromEntries(texts) };
}

/** A service account of the case's namespace that may read the Secrets of the other one. */
function access(namespace: string): readonly CaseObject[] {
  const metadata = { namespace: remoteOf(namespace), name: READER };
  const rules = [{ apiGroups: [""], resources: ["secrets"], verbs: ["get", "list"] }];
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { namespace, name: READER } },
    { apiVersion: `${RBAC}/v1`, kind: "Role", metadata, rules },
    {
      ...{ apiVersion: `${RBAC}/v1`, kind: "RoleBinding", metadata },
      roleRef: { apiGroup: RBAC, kind: "Role", name: READER },
      subjects: [{ kind: "ServiceAccount", namespace, name: READER }],
    },
  ];
}
