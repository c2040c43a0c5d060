/** An application on GKE: its secrets come from Google Secret Manager, by a service account that may read exactly those. */
import * as k8s from "@pulumi/kubernetes";
import { Config } from "@pulumi/pulumi";
import { ExternalSecret, ExternalSecretsOperator } from "pulumi-external-secrets";
import { GcpSecretStore } from "pulumi-external-secrets/gcp";

const config = new Config();

// Serves the namespaces of this program's stores, and has rights there alone.
const operator = new ExternalSecretsOperator("external-secrets", { image: config.require("image"), scope: "declared" });

const namespace = new k8s.core.v1.Namespace("shop", { metadata: { name: "shop" } }).metadata.name;

const secrets = new GcpSecretStore("shop-secrets", {
  namespace,
  storeName: "secret-manager",
  project: config.require("project"),
  // A cluster with workload identity; `project` of it, too, where it is another.
  cluster: { location: config.require("clusterLocation"), name: config.require("clusterName") },
  operator,
});

const database = new ExternalSecret("database", {
  metadata: { name: "database", namespace },
  store: secrets,
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
  store: secrets,
  spec: { refreshInterval: "5m", dataFrom: [{ extract: { key: "shop-settings" } }] },
});

// Every secret whose name begins so: the grant is a role on the project under a condition that says the same.
const apiKeys =
  (config.getBoolean("readsApiKeys") ?? true)
    ? new ExternalSecret("api-keys", {
        metadata: { name: "api-keys", namespace },
        store: secrets,
        spec: {
          refreshInterval: "1m",
          dataFrom: [
            {
              find: { name: { regexp: "^shop-key-" } },
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

export const email = secrets.email;
export const unusedGrants = secrets.unusedGrants;
export const missingGrants = secrets.missingGrants;
export const grantWarnings = secrets.grantWarnings;
