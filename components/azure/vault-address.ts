/** What an id of a Key Vault says: where it is, and how it is called. */

/** Which Azure: it decides the address of the vault. */
export type AzureCloud = "PublicCloud" | "USGovernmentCloud" | "ChinaCloud";

/** An Azure resource by its id. */
export interface AzureResourceId {
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly name: string;
}

const DOMAINS: Readonly<Record<AzureCloud, string>> = {
  PublicCloud: "vault.azure.net",
  USGovernmentCloud: "vault.usgovcloudapi.net",
  ChinaCloud: "vault.azure.cn",
};

/**
 * Takes an id apart: `/subscriptions/S/resourceGroups/G/providers/TYPE/NAME`. Case does not count, as in Azure.
 * @throws Error that names the field and what it should look like.
 */
export function azureResourceId(id: string, type: string, field: string): AzureResourceId {
  const expected = `/subscriptions/S/resourceGroups/G/providers/${type}/NAME`;
  const parts = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/([^/]+\/[^/]+)\/([^/]+)$/i.exec(id);
  const [, subscription = "", resourceGroup = "", ownType = "", name = ""] = parts ?? [];
  if (ownType.toLowerCase() !== type.toLowerCase()) {
    throw new Error(`${field}: "${id}" is no resource id of ${type}. It looks like ${expected}.`);
  }
  return { subscription, resourceGroup, name };
}

/** `https://NAME.vault.azure.net`, or of another cloud. */
export function vaultUrlOf(vaultName: string, cloud: AzureCloud): string {
  return `https://${vaultName}.${DOMAINS[cloud]}`;
}
