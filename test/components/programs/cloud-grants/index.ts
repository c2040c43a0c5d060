/** A store of Azure and one of Google, through which the secrets of the configuration are read. */
import { Config } from "@pulumi/pulumi";
import { AzureKeyVaultStore } from "../../../../components/azure/index.ts";
import { ExternalSecret } from "../../../../components/external-secret.ts";
import { GcpSecretStore } from "../../../../components/gcp/index.ts";

const keys = new Config().requireObject<readonly string[]>("keys");
const shared = { namespace: "default", skipAwait: true };
const azure = new AzureKeyVaultStore("azure", {
  ...shared,
  vaultId: "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/my-vault",
  oidcIssuerUrl: "https://issuer.example.com/",
});
const google = new GcpSecretStore("google", { ...shared, project: "example-project" });

for (const [name, store] of Object.entries({ azure, google })) {
  new ExternalSecret(`${name}-keys`, {
    metadata: { namespace: "default" },
    store,
    spec: { data: keys.map((key) => ({ secretKey: key, remoteRef: { key } })) },
    skipAwait: true,
  });
}
new ExternalSecret("google-found", {
  metadata: { namespace: "default" },
  store: google,
  spec: { dataFrom: [{ find: { path: "team-a-" } }] },
  skipAwait: true,
});

export const azureWarnings = azure.grantWarnings;
export const googleMember = google.member;
