import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { ExternalSecret, SecretStore } from "pulumi-external-secrets";

const namespace = "my-app";
const labels = { app: "my-app" };

const store = new SecretStore("vault", {
  metadata: { name: "vault", namespace },
  spec: {
    provider: {
      vault: {
        server: "https://vault.example.com:8200",
        path: "secret",
        auth: { kubernetes: { mountPath: "kubernetes", role: "my-app", serviceAccountRef: { name: "my-app" } } },
      },
    },
  },
});

const database = new ExternalSecret("database", {
  metadata: { name: "database", namespace },
  store,
  spec: {
    refreshInterval: "15m",
    data: [
      { secretKey: "username", remoteRef: { key: "my-app/database", property: "username" } },
      { secretKey: "password", remoteRef: { key: "my-app/database", property: "password" } },
    ],
  },
});

new Deployment("my-app", {
  metadata: { namespace },
  spec: {
    selector: { matchLabels: labels },
    template: {
      // Rolls the pods in the `up` that finds the content of the Secret changed.
      metadata: { labels, annotations: { ...database.hashAnnotation } },
      spec: {
        containers: [
          {
            name: "my-app",
            image: "registry.example.com/my-app:1.0.0",
            env: [database.envVar("DB_USER", "username"), { name: "DB_PASSWORD", valueFrom: database.key("password") }],
            volumeMounts: [{ name: "database", mountPath: "/run/secrets/database", readOnly: true }],
          },
        ],
        volumes: [database.volume("database", { defaultMode: 0o400 })],
      },
    },
  },
});
