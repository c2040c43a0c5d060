/** An operator that serves exactly the namespaces of this program's stores. */
import * as k8s from "@pulumi/kubernetes";
import { Config } from "@pulumi/pulumi";
import { ExternalSecretsOperator, SecretStore } from "pulumi-external-secrets";

const config = new Config();

const operator = new ExternalSecretsOperator("external-secrets", {
  image: config.require("image"),
  scope: "declared",
});

const namespace = new k8s.core.v1.Namespace("team-a", { metadata: { name: "team-a" } }).metadata.name;

/** Gives the controller a Role in `team-a`, and tokens of the service account `vault-reader` there: of no other. */
export const store = new SecretStore("vault", {
  operator,
  metadata: { name: "vault", namespace },
  spec: {
    provider: {
      vault: {
        server: config.require("vaultServer"),
        path: "secret",
        auth: {
          kubernetes: { mountPath: "kubernetes", role: "team-a", serviceAccountRef: { name: "vault-reader" } },
        },
      },
    },
  },
});
