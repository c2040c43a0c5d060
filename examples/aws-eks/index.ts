/** An application on EKS: its secrets come from AWS Secrets Manager and Parameter Store, by roles that may read exactly those. */
import * as k8s from "@pulumi/kubernetes";
import { Config } from "@pulumi/pulumi";
import { ExternalSecret, ExternalSecretsOperator } from "pulumi-external-secrets";
import { AwsSecretStore } from "pulumi-external-secrets/aws";

const config = new Config();
const region = config.require("region");
// Of the cluster: `aws eks describe-cluster`, or an output of the stack that makes it.
const identity = { irsa: { oidcProviderArn: config.require("oidcProviderArn") } };

const operator = new ExternalSecretsOperator("external-secrets", {
  image: config.require("image"),
  replicaCount: 2,
  podDisruptionBudget: { enabled: true, minAvailable: 1 },
});

const namespace = new k8s.core.v1.Namespace("shop", { metadata: { name: "shop" } }).metadata.name;

const secrets = new AwsSecretStore("shop-secrets", {
  namespace,
  storeName: "secrets",
  service: "SecretsManager",
  region,
  identity,
  operator,
});

const parameters = new AwsSecretStore("shop-parameters", {
  namespace,
  storeName: "parameters",
  service: "ParameterStore",
  region,
  identity,
  operator,
});

const database = new ExternalSecret("database", {
  metadata: { name: "database", namespace },
  store: secrets,
  spec: {
    refreshInterval: "1m",
    data: ["username", "password"].map((property) => ({
      secretKey: property,
      remoteRef: { key: "shop/database", property },
    })),
  },
});

const settings = new ExternalSecret("settings", {
  metadata: { name: "settings", namespace },
  store: parameters,
  spec: {
    refreshInterval: "5m",
    dataFrom: [
      {
        find: { path: "/shop/settings" },
        // `/shop/settings/log-level` becomes the key `log-level`.
        rewrite: [{ regexp: { source: "/shop/settings/(.*)", target: "$1" } }],
      },
    ],
  },
});

const labels = { app: "shop" };

new k8s.apps.v1.Deployment("shop", {
  metadata: { name: "shop", namespace },
  spec: {
    selector: { matchLabels: labels },
    template: {
      // The `up` after a change of a Secret's content rolls the Pods.
      metadata: { labels, annotations: { ...database.hashAnnotation, ...settings.hashAnnotation } },
      spec: {
        containers: [
          {
            name: "shop",
            image: config.require("applicationImage"),
            env: [database.envVar("DATABASE_USER", "username"), database.envVar("DATABASE_PASSWORD", "password")],
            volumeMounts: [{ name: "settings", mountPath: "/etc/shop", readOnly: true }],
          },
        ],
        volumes: [settings.volume("settings")],
      },
    },
  },
});

export const roleArns = [secrets.roleArn, parameters.roleArn];
export const policies = [secrets.policies, parameters.policies];
