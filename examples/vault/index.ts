/** An application whose secrets come from Vault: policy and role of the Kubernetes auth method follow what the program reads. */
import * as k8s from "@pulumi/kubernetes";
import { Config } from "@pulumi/pulumi";
import { ExternalSecret, ExternalSecretsOperator } from "pulumi-external-secrets";
import { VaultStore } from "pulumi-external-secrets/vault";

const config = new Config();

// Serves the namespaces of this program's stores, and has rights there alone.
const operator = new ExternalSecretsOperator("external-secrets", { image: config.require("image"), scope: "declared" });

const namespace = new k8s.core.v1.Namespace("my-app", { metadata: { name: "my-app" } }).metadata.name;

const vault = new VaultStore("my-app", {
  namespace,
  storeName: "vault",
  server: config.require("vaultServer"),
  path: "secret",
  operator,
});

const database = new ExternalSecret("database", {
  metadata: { name: "database", namespace },
  store: vault,
  spec: { refreshInterval: "1m", dataFrom: [{ extract: { key: "my-app/database" } }] },
});

// Every secret of that folder whose name begins with "api-": Vault's policy says just that.
const apiKeys = config.getBoolean("readsApiKeys")
  ? new ExternalSecret("api-keys", {
      metadata: { name: "api-keys", namespace },
      store: vault,
      spec: {
        refreshInterval: "1m",
        dataFrom: [
          {
            find: { path: "my-app", name: { regexp: "^my-app/api-" } },
            rewrite: [{ regexp: { source: "my-app/(.*)", target: "$1" } }],
          },
        ],
      },
    })
  : undefined;

export const vaultPolicy = vault.policy;
export const secretNames = [database.secretName, apiKeys?.secretName];
