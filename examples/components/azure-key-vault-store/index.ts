import { Config } from "@pulumi/pulumi";
import { ExternalSecret } from "pulumi-external-secrets";
import { AzureKeyVaultStore } from "pulumi-external-secrets/azure";

const config = new Config();
const namespace = "my-app";

// Makes a managed identity, lets the service account my-app-vault log in as it, and a SecretStore that does.
const store = new AzureKeyVaultStore("my-app-vault", {
  namespace,
  vaultId: config.require("vaultId"), // /subscriptions/S/resourceGroups/G/providers/Microsoft.KeyVault/vaults/V
  oidcIssuerUrl: config.require("oidcIssuerUrl"), // of AKS: oidcIssuerProfile.issuerURL
});

// The identity may read the secret database-password and the public part of the certificate, and nothing beside them.
const credentials = new ExternalSecret("database-credentials", {
  metadata: { namespace },
  store,
  spec: {
    data: [
      { secretKey: "password", remoteRef: { key: "database-password" } },
      { secretKey: "ca.crt", remoteRef: { key: "cert/database-ca" } },
    ],
  },
});

export const secretName = credentials.secretName;
