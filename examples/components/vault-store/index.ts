import { ExternalSecret } from "pulumi-external-secrets";
import { VaultStore } from "pulumi-external-secrets/vault";

const namespace = "my-app";

// Makes a policy, a role of the auth method at `kubernetes`, the service account that logs in to it, and a SecretStore.
const store = new VaultStore("my-app", {
  namespace,
  server: "https://vault.example.com:8200",
  path: "secret",
});

// The policy allows to read secret/data/my-app/database, and nothing beside it.
const credentials = new ExternalSecret("database-credentials", {
  metadata: { namespace },
  store,
  spec: { dataFrom: [{ extract: { key: "my-app/database" } }] },
});

export const secretName = credentials.secretName;
