/** Teams that share a cluster: each reads its own secrets as itself, and what all share where the platform's team lets it. */
import * as k8s from "@pulumi/kubernetes";
import { Config } from "@pulumi/pulumi";
import { ClusterSecretStore, ExternalSecret, ExternalSecretsOperator, SecretStore } from "pulumi-external-secrets";

const config = new Config();
const server = config.require("vaultServer");
const teams = config.requireObject<string[]>("teams");

const namespaces = teams.map(
  (team) =>
    new k8s.core.v1.Namespace(team, {
      metadata: { name: team, labels: { "example.com/reads-shared-secrets": "true" } },
    }).metadata.name,
);

const operator = new ExternalSecretsOperator("external-secrets", {
  image: config.require("image"),
  // A Role in each team's namespace; no right to read or write a Secret anywhere else.
  scope: namespaces,
  processClusterStore: true,
  // Tokens of these service accounts alone: that is how the controller logs in to Vault as a team.
  rbac: { serviceAccountTokenCreate: ["vault-reader"] },
});

const vaultLogin = (role: string, serviceAccountNamespace?: string) => ({
  server,
  path: "secret",
  version: "v2" as const,
  auth: {
    kubernetes: {
      mountPath: "kubernetes",
      role,
      serviceAccountRef: {
        name: "vault-reader",
        ...(serviceAccountNamespace === undefined ? {} : { namespace: serviceAccountNamespace }),
        audiences: ["vault"],
      },
    },
  },
});

// No namespace in its serviceAccountRef: each ExternalSecret logs in as the service account of its own namespace.
const shared = new ClusterSecretStore(
  "shared",
  {
    metadata: { name: "shared" },
    spec: {
      provider: { vault: vaultLogin("shared") },
      conditions: [{ namespaceSelector: { matchLabels: { "example.com/reads-shared-secrets": "true" } } }],
    },
  },
  { dependsOn: operator },
);

const secretNames = teams.map((team, index) => {
  const namespace = namespaces[index] ?? team;
  const account = new k8s.core.v1.ServiceAccount(`${team}-vault-reader`, {
    metadata: { name: "vault-reader", namespace },
  });
  // Vault's role `<team>` admits this service account of this namespace, and its policy covers `<team>/*`.
  const store = new SecretStore(
    `${team}-vault`,
    { metadata: { name: "vault", namespace }, spec: { provider: { vault: vaultLogin(team) } } },
    { dependsOn: [operator, account] },
  );
  const own = new ExternalSecret(`${team}-database`, {
    metadata: { name: "database", namespace },
    spec: { refreshInterval: "1m", secretStoreRef: store.ref, dataFrom: [{ extract: { key: `${team}/database` } }] },
  });
  new ExternalSecret(
    `${team}-shared`,
    {
      metadata: { name: "registry", namespace },
      spec: {
        refreshInterval: "1m",
        secretStoreRef: shared.ref,
        data: [{ secretKey: "token", remoteRef: { key: "shared/registry", property: "token" } }],
      },
    },
    { dependsOn: account },
  );
  return own.secretName;
});

export { secretNames };
