import { ExternalSecret, ExternalSecretsOperator, SecretStore } from "pulumi-external-secrets";

const operator = new ExternalSecretsOperator("external-secrets", {
  image: "registry.example.com/external-secrets:0.1.0", // made by `npm run image`
});

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
            // No stored credential: the controller logs in with a token of this service account.
            kubernetes: { mountPath: "kubernetes", role: "my-app", serviceAccountRef: { name: "my-app" } },
          },
        },
      },
    },
  },
  { dependsOn: operator },
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

export const secretName = credentials.secretName;
