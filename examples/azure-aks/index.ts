/** An application on AKS: its secrets come from Azure Key Vault, by a managed identity that may read exactly those. */
import * as k8s from "@pulumi/kubernetes";
import { Config } from "@pulumi/pulumi";
import { ExternalSecret, ExternalSecretsOperator } from "pulumi-external-secrets";
import { AzureKeyVaultStore } from "pulumi-external-secrets/azure";

const config = new Config();

// Serves the namespaces of this program's stores, and has rights there alone.
const operator = new ExternalSecretsOperator("external-secrets", { image: config.require("image"), scope: "declared" });

const namespace = new k8s.core.v1.Namespace("shop", { metadata: { name: "shop" } }).metadata.name;

const vault = new AzureKeyVaultStore("shop-vault", {
  namespace,
  storeName: "key-vault",
  // Of the vault: `az keyvault show --query id`. Its permission model is Azure RBAC.
  vaultId: config.require("vaultId"),
  // Of the cluster: `az aks show --query oidcIssuerProfile.issuerUrl`, or an output of the stack that makes it.
  oidcIssuerUrl: config.require("oidcIssuerUrl"),
  operator,
});

const database = new ExternalSecret("database", {
  metadata: { name: "database", namespace },
  store: vault,
  spec: {
    refreshInterval: "1m",
    data: ["username", "password"].map((property) => ({
      secretKey: property,
      remoteRef: { key: "shop-database", property },
    })),
  },
});

// The secret is a JSON object: each of its fields becomes a key.
const settings = new ExternalSecret("settings", {
  metadata: { name: "settings", namespace },
  store: vault,
  spec: { refreshInterval: "5m", dataFrom: [{ extract: { key: "shop-settings" } }] },
});

// Azure has no grant for a beginning of names: the expression names its secrets whole, so that each is granted by itself.
const apiKeys =
  (config.getBoolean("readsApiKeys") ?? true)
    ? new ExternalSecret("api-keys", {
        metadata: { name: "api-keys", namespace },
        store: vault,
        spec: {
          refreshInterval: "1m",
          dataFrom: [
            {
              find: { name: { regexp: "^shop-key-(mail|payment)$" } },
              // `shop-key-mail` becomes the key `mail`.
              rewrite: [{ regexp: { source: "shop-key-(.*)", target: "$1" } }],
            },
          ],
        },
      })
    : undefined;

const labels = { app: "shop" };

new k8s.apps.v1.Deployment("shop", {
  metadata: { name: "shop", namespace },
  spec: {
    selector: { matchLabels: labels },
    template: {
      // The `up` after a change of a Secret's content rolls the Pods.
      metadata: {
        labels,
        annotations: { ...database.hashAnnotation, ...settings.hashAnnotation, ...apiKeys?.hashAnnotation },
      },
      spec: {
        containers: [
          {
            name: "shop",
            image: config.require("applicationImage"),
            env: [
              { name: "DATABASE_USER", valueFrom: database.key("username") },
              { name: "DATABASE_PASSWORD", valueFrom: database.key("password") },
            ],
            envFrom: [settings.envFrom({ prefix: "SHOP_" })],
            volumeMounts: apiKeys ? [{ name: "api-keys", mountPath: "/etc/shop/keys", readOnly: true }] : [],
          },
        ],
        volumes: apiKeys ? [apiKeys.volume()] : [],
      },
    },
  },
});

export const clientId = vault.clientId;
export const unusedGrants = vault.unusedGrants;
export const missingGrants = vault.missingGrants;
export const grantWarnings = vault.grantWarnings;
