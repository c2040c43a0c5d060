/** Stores of Azure Key Vault. Needs the peer `@pulumi/azure-native`. */
export type { ExistingAzureIdentity, NewAzureIdentityArgs } from "./azure-identity.ts";
export { AzureKeyVaultStore, type AzureKeyVaultStoreArgs } from "./azure-key-vault-store.ts";
export type { KeyVaultAccess } from "./vault-access.ts";
export type { AzureCloud } from "./vault-address.ts";
