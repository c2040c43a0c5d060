/** The quickstart's program: the operator, a store for each of two backends, and an ExternalSecret for each store. */
import * as k8s from "@pulumi/kubernetes";
import { Config } from "@pulumi/pulumi";
import { ExternalSecret, ExternalSecretsOperator, SecretStore } from "pulumi-external-secrets";

const config = new Config();
/** False where the controller runs as a process beside the cluster: then nothing waits for its Deployment. */
const controllerInCluster = config.getBoolean("controllerInCluster") ?? true;
const awsEndpoint = config.get("awsEndpoint");

const operator = new ExternalSecretsOperator("external-secrets", {
  image: config.require("image"),
  skipAwait: !controllerInCluster,
  crds: { deleteOnDestroy: config.getBoolean("deleteCrdsOnDestroy") ?? false },
  // Only for an emulator: with the real service the endpoint follows from the region.
  extraEnv: awsEndpoint === undefined ? [] : [{ name: "AWS_SECRETSMANAGER_ENDPOINT", value: awsEndpoint }],
});

const namespace = new k8s.core.v1.Namespace("my-app", { metadata: { name: "my-app" } }).metadata.name;

const vaultToken = new k8s.core.v1.Secret("vault-token", {
  metadata: { name: "vault-token", namespace },
  stringData: { token: config.requireSecret("vaultToken") },
});

const awsCredentials = new k8s.core.v1.Secret("aws-credentials", {
  metadata: { name: "aws-credentials", namespace },
  stringData: {
    "access-key-id": config.requireSecret("awsAccessKeyId"),
    "secret-access-key": config.requireSecret("awsSecretAccessKey"),
  },
});

const vault = new SecretStore(
  "vault",
  {
    metadata: { name: "vault", namespace },
    spec: {
      provider: {
        vault: {
          server: config.require("vaultAddress"),
          path: "secret",
          version: "v2",
          auth: { tokenSecretRef: { name: vaultToken.metadata.name, key: "token" } },
        },
      },
    },
  },
  { dependsOn: operator },
);

const aws = new SecretStore(
  "aws",
  {
    metadata: { name: "aws", namespace },
    spec: {
      provider: {
        aws: {
          service: "SecretsManager",
          region: "us-east-1",
          auth: {
            secretRef: {
              accessKeyIDSecretRef: { name: awsCredentials.metadata.name, key: "access-key-id" },
              secretAccessKeySecretRef: { name: awsCredentials.metadata.name, key: "secret-access-key" },
            },
          },
        },
      },
    },
  },
  { dependsOn: operator },
);

/** Both backends hold the same JSON object under the same name. */
const remoteKey = "my-app/database-credentials";

const fromVault = new ExternalSecret("database-credentials-from-vault", {
  metadata: { name: "database-credentials-from-vault", namespace },
  spec: {
    refreshInterval: "5s",
    secretStoreRef: vault.ref,
    data: ["username", "password"].map((property) => ({
      secretKey: property,
      remoteRef: { key: remoteKey, property },
    })),
  },
});

const fromAws = new ExternalSecret("database-credentials-from-aws", {
  metadata: { name: "database-credentials-from-aws", namespace },
  spec: {
    refreshInterval: "5s",
    secretStoreRef: aws.ref,
    target: { name: "database-credentials" },
    dataFrom: [{ extract: { key: remoteKey } }],
  },
});

export const applicationNamespace = namespace;
export const controllerNamespace = operator.namespace;
export const serviceAccountName = operator.serviceAccountName;
export const secretNames = [fromVault.secretName, fromAws.secretName];
