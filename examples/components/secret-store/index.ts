import { ClusterSecretStore, SecretStore } from "pulumi-external-secrets";

const namespace = "my-app";

// Serves the ExternalSecrets of its own namespace.
export const vault = new SecretStore("vault", {
  metadata: { name: "vault", namespace },
  spec: {
    refreshInterval: "5m",
    provider: {
      vault: {
        server: "https://vault.example.com:8200",
        path: "secret",
        auth: { kubernetes: { mountPath: "kubernetes", role: "my-app", serviceAccountRef: { name: "my-app" } } },
      },
    },
  },
});

// Serves the namespaces that its conditions admit.
export const shared = new ClusterSecretStore("shared", {
  metadata: { name: "shared" },
  spec: {
    conditions: [{ namespaceSelector: { matchLabels: { team: "payments" } } }],
    provider: {
      aws: {
        service: "ParameterStore",
        region: "eu-central-1",
        auth: { jwt: { serviceAccountRef: { name: "parameters", namespace } } },
      },
    },
  },
});
