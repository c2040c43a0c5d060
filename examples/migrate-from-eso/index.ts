/** Takes a cluster over from External Secrets Operator (ESO): the same CRDs, stores, ExternalSecrets and Secrets, a new controller. */
import { Provider } from "@pulumi/kubernetes";
import { Config } from "@pulumi/pulumi";
import { ExternalSecret, ExternalSecretsOperator, SecretStore } from "pulumi-external-secrets";

const config = new Config();

// ESO is scaled to zero and still there: the names of ours are others.
const operator = new ExternalSecretsOperator("external-secrets", {
  image: config.require("image"),
  namespace: "external-secrets-pulumi",
  fullnameOverride: "external-secrets-pulumi",
});

// What manifests made before comes into this program by this provider: it adopts objects that exist.
const adopting = new Provider("adopting", { upsertExistingObjects: true });

const store = new SecretStore(
  "vault",
  {
    metadata: { name: "vault", namespace: "my-app" },
    spec: {
      provider: {
        vault: {
          server: config.require("vaultServer"),
          path: "secret",
          version: "v2",
          auth: { tokenSecretRef: { name: "vault-token", key: "token" } },
        },
      },
    },
  },
  { provider: adopting, dependsOn: operator },
);

const credentials = new ExternalSecret(
  "database-credentials",
  {
    metadata: { name: "database-credentials", namespace: "my-app" },
    spec: {
      refreshInterval: "1m",
      secretStoreRef: store.ref,
      dataFrom: [{ extract: { key: "my-app/database-credentials" } }],
    },
  },
  { provider: adopting },
);

export const secretName = credentials.secretName;
