import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { ExternalSecret, ExternalSecretsOperator, SecretStore } from "pulumi-external-secrets";

const operator = new ExternalSecretsOperator("external-secrets", {
  image: "registry.example.com/external-secrets:0.1.0", // made by `npm run image`
});

const account = new ServiceAccount("my-app", { metadata: { name: "my-app", namespace: "default" } });

const store = new SecretStore(
  "vault",
  {
    metadata: { name: "vault", namespace: "default" },
    spec: {
      provider: {
        vault: {
          server: "https://vault.example.com:8200",
          path: "secret",
          auth: {
            // No stored credential: the controller logs in with a token of this service account, which only Vault takes.
            kubernetes: {
              mountPath: "kubernetes",
              role: "my-app",
              serviceAccountRef: { name: "my-app", audiences: ["vault"] },
            },
          },
        },
      },
    },
  },
  { dependsOn: [operator, account] },
);

const credentials = new ExternalSecret("database-credentials", {
  metadata: { name: "database-credentials", namespace: "default" },
  spec: {
    refreshInterval: "1m",
    secretStoreRef: store.ref,
    data: [
      { secretKey: "username", remoteRef: { key: "my-app/database-credentials", property: "username" } },
      { secretKey: "password", remoteRef: { key: "my-app/database-credentials", property: "password" } },
    ],
  },
});

const labels = { app: "my-app" };
new Deployment("my-app", {
  metadata: { name: "my-app", namespace: "default" },
  spec: {
    selector: { matchLabels: labels },
    template: {
      // The pods are rolled by the `up` that finds the content of the Secret changed.
      metadata: { labels, annotations: { ...credentials.hashAnnotation } },
      spec: {
        containers: [
          {
            name: "my-app",
            image: "registry.example.com/my-app:1.0.0",
            env: [credentials.envVar("DB_USER", "username"), credentials.envVar("DB_PASSWORD", "password")],
          },
        ],
      },
    },
  },
});

export const secretName = credentials.secretName;
