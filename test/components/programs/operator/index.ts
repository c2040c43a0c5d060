/** The operator with the scope of its stores, and all around it that needs no CRDs of others. Its Pulumi name is configured. */
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { Config } from "@pulumi/pulumi";
import { ExternalSecretsOperator } from "../../../../components/external-secrets-operator.ts";
import { SecretStore } from "../../../../components/secret-store.ts";

const config = new Config();
const teams = config.requireObject<readonly string[]>("teams");
const namespaces = teams.map((team) => new Namespace(team, { metadata: { name: team } }).metadata.name);

const operator = new ExternalSecretsOperator(
  config.require("name"),
  {
    image: "example.test/external-secrets:1",
    scope: "declared",
    replicaCount: 2,
    skipAwait: true,
    networkPolicy: {},
    podDisruptionBudget: {},
    grafanaDashboard: {},
    rbac: { aggregateToView: true },
    extraObjects: [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "beside" }, data: { a: "b" } }],
  },
  {
    aliases: [{ name: "eso" }],
    transforms: [
      ({ type, props, opts }) =>
        type === "kubernetes:core/v1:ServiceAccount"
          ? { props: { ...props, metadata: { ...props.metadata, labels: { transformed: "yes" } } }, opts }
          : undefined,
    ],
  },
);

for (const [index, namespace] of namespaces.entries()) {
  new SecretStore(`store-${teams[index]}`, {
    operator,
    metadata: { name: "store", namespace },
    spec: { provider: { fake: { data: [{ key: "a", value: "b" }] } } },
    // No controller runs here.
    skipAwait: true,
  });
}

export const served = operator.servedNamespaces;
