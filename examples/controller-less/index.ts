/** Secrets of an application from Vault, owned by the stack: no controller runs in the cluster. */
import { Config } from "@pulumi/pulumi";
import { Provider, readSecretOutput, SyncedSecret } from "pulumi-external-secrets/sync";

const config = new Config();

// The cluster is that of the kubeconfig; the token is encrypted in the state, once for all resources.
const provider = new Provider("vault", {
  namespace: config.require("namespace"),
  store: {
    provider: {
      vault: {
        server: config.require("vaultServer"),
        path: "secret",
        version: "v2",
        auth: { tokenSecretRef: { name: "vault", key: "token" } },
      },
    },
  },
  credentials: { vault: { token: config.requireSecret("vaultToken") } },
});

// All keys of one remote secret.
const database = new SyncedSecret(
  "database",
  { spec: { dataFrom: [{ extract: { key: "my-app/database" } }] } },
  { provider },
);

// A file made of a value, and a label for whoever looks for it.
const settings = new SyncedSecret(
  "settings",
  {
    spec: {
      data: [{ secretKey: "password", remoteRef: { key: "my-app/database", property: "password" } }],
      target: {
        template: {
          metadata: { labels: { "app.kubernetes.io/name": "my-app" } },
          data: { "settings.ini": "[database]\npassword = {{ .password }}\n" },
        },
      },
    },
  },
  { provider },
);

export const secretNames = [database.secretName, settings.secretName];
// A value for the program itself: in the state because it is an output here, and encrypted.
export const databaseUser = readSecretOutput({ key: "my-app/database", property: "username" }, { provider });
