import { Config } from "@pulumi/pulumi";
import { ExternalSecret } from "pulumi-external-secrets";
import { AwsSecretStore } from "pulumi-external-secrets/aws";

const config = new Config();
const namespace = "my-app";

// Makes an IAM role that the service account my-app takes on, and a SecretStore that acts as it.
const store = new AwsSecretStore("my-app", {
  namespace,
  service: "SecretsManager",
  region: "eu-central-1",
  identity: { irsa: { oidcProviderArn: config.require("oidcProviderArn") } },
});

// The role may read the secret my-app/database and the secrets that begin with my-app/features/, and nothing beside them.
const credentials = new ExternalSecret("database-credentials", {
  metadata: { namespace },
  store,
  spec: {
    data: [{ secretKey: "password", remoteRef: { key: "my-app/database", property: "password" } }],
    dataFrom: [{ find: { name: { regexp: "^my-app/features/" } } }],
  },
});

export const secretName = credentials.secretName;
export const missingGrants = store.missingGrants;
