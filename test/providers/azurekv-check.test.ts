/** What the backend `azurekv` says of a store's block without asking anyone. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { AzureKvProviderSpec } from "../../api/stores/azurekv.ts";
import { azureKvBackend } from "../../providers/azurekv/index.ts";

const STORE = { kind: "SecretStore", name: "store", namespace: "team" } as const;
const REF = { name: "azure", key: "k" };
const GOOD: AzureKvProviderSpec = {
  vaultUrl: "https://my-vault.vault.azure.net",
  tenantId: "99999999-8888-7777-6666-555555555555",
  authSecretRef: { clientId: REF, clientSecret: REF },
};

function defects(changed: Partial<AzureKvProviderSpec>): readonly string[] {
  return azureKvBackend.check({ ...GOOD, ...changed }, STORE);
}

describe("the check of an azurekv block", () => {
  it("takes each way to log in, each cloud and an own one", () => {
    const good: readonly Partial<AzureKvProviderSpec>[] = [
      {},
      { vaultUrl: "https://my-vault.vault.azure.net/" },
      { authSecretRef: { clientId: REF, clientCertificate: REF } },
      { authType: "ManagedIdentity", identityId: "id" },
      { authType: "WorkloadIdentity" },
      { authType: "WorkloadIdentity", serviceAccountRef: { name: "app" }, authSecretRef: { clientId: REF } },
      { vaultUrl: "https://v.vault.usgovcloudapi.net", environmentType: "USGovernmentCloud" },
      { vaultUrl: "https://v.vault.azure.cn", environmentType: "ChinaCloud" },
      {
        vaultUrl: "https://v.vault.local.azurestack.external",
        environmentType: "AzureStackCloud",
        customCloudConfig: { activeDirectoryEndpoint: "https://login.microsoftonline.com/" },
      },
      {
        vaultUrl: "https://v.vault.example.com",
        customCloudConfig: {
          activeDirectoryEndpoint: "https://a.example.com",
          keyVaultDNSSuffix: ".vault.example.com",
        },
      },
    ];
    for (const changed of good) assert.deepEqual(defects(changed), [], JSON.stringify(changed));
  });

  it("names the field and the remedy of each defect", () => {
    const cases: readonly (readonly [Partial<AzureKvProviderSpec>, RegExp])[] = [
      [{ vaultUrl: "my-vault" }, /vaultUrl: is no https URL; write/],
      [{ vaultUrl: "http://my-vault.vault.azure.net" }, /vaultUrl: is no https URL/],
      [{ vaultUrl: "https://my-vault.vault.azure.net/secrets" }, /vaultUrl: has more than a host/],
      [{ environmentType: "AzureStackCloud" }, /customCloudConfig: is needed/],
      [{ environmentType: "GermanCloud", vaultUrl: "https://v.vault.microsoftazure.de" }, /GermanCloud has been shut/],
      [
        { customCloudConfig: { activeDirectoryEndpoint: "http://a.example.com" } },
        /activeDirectoryEndpoint: is no https/,
      ],
      [
        { customCloudConfig: { activeDirectoryEndpoint: "https://a", keyVaultEndpoint: "x" } },
        /keyVaultEndpoint: is no/,
      ],
      [{ tenantId: "" }, /tenantId: is needed/],
      [{ tenantId: "../other" }, /tenantId: is no tenant/],
      [{ authSecretRef: { clientId: REF } }, /neither clientSecret nor clientCertificate; set one/],
      [{ authSecretRef: { clientSecret: REF } }, /clientId: is not set; set it/],
      [{ authSecretRef: { clientId: REF, clientSecret: REF, clientCertificate: REF } }, /cannot both be set; remove/],
      [{ authType: "WorkloadIdentity", authSecretRef: { tenantId: REF } }, /authSecretRef.clientId: is not set/],
      [
        { authType: "WorkloadIdentity", serviceAccountRef: { name: "a", namespace: "other" } },
        /serviceAccountRef.namespace/,
      ],
      [
        { authSecretRef: { clientId: { ...REF, namespace: "x" }, clientSecret: REF } },
        /clientId.namespace: namespace should/,
      ],
    ];
    for (const [changed, message] of cases) assert.match(defects(changed).join("\n"), message, JSON.stringify(changed));
    const { authSecretRef: _, ...without } = GOOD;
    assert.match(azureKvBackend.check(without, STORE).join(), /authSecretRef: is needed/);
  });

  it("refuses a vault outside the domain that tokens are for, which would be given the token", () => {
    for (const vaultUrl of [
      "https://vault.azure.net.example.com",
      "https://myvault-azure.net",
      "https://v.vault.azure.cn",
    ]) {
      assert.match(defects({ vaultUrl }).join(), /is not in the domain of https:\/\/vault.azure.net/, vaultUrl);
    }
  });
});
