import { Config } from "@pulumi/pulumi";
import { ExternalSecret } from "pulumi-external-secrets";
import { GcpSecretStore } from "pulumi-external-secrets/gcp";

const config = new Config();
const namespace = "my-app";

// Makes a Google service account, lets the Kubernetes one act as it, and a SecretStore that does.
const store = new GcpSecretStore("my-app-secrets", {
  namespace,
  project: config.require("project"),
});

// Granted: the accessor role on the secret database-credentials, and on the project under a condition on names that
// begin with my-app-, with the right to list.
const credentials = new ExternalSecret("database-credentials", {
  metadata: { namespace },
  store,
  spec: {
    data: [{ secretKey: "password", remoteRef: { key: "database-credentials", property: "password" } }],
    dataFrom: [{ find: { name: { regexp: "^my-app-" } } }],
  },
});

export const secretName = credentials.secretName;
