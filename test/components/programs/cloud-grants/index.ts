/** A store of Azure and one of Google, through which the secrets of the configuration are read. */
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Config, type Output } from "@pulumi/pulumi";
import { AzureKeyVaultStore } from "../../../../components/azure/index.ts";
import { ExternalSecret } from "../../../../components/external-secret.ts";
import { GcpSecretStore } from "../../../../components/gcp/index.ts";

const config = new Config();
const keys = config.requireObject<readonly string[]>("keys");
const pending = config.getBoolean("pending") ? [keyOfNewObject()] : [];
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
    spec: { data: [...keys, ...pending].map((key, index) => ({ secretKey: `key-${index}`, remoteRef: { key } })) },
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

/** A key that no preview knows before the object is there: `of-36`. */
function keyOfNewObject(): Output<string> {
  const { metadata } = new ConfigMap("new", { metadata: { name: "new", namespace: "default" } });
  return metadata.uid.apply((uid) => `of-${uid.length}`);
}
