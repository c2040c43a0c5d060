/** Stores of HashiCorp Vault and OpenBao. Needs the peer `@pulumi/vault`. */
export { type VaultLoginArgs, VaultStore, type VaultStoreArgs } from "./vault-store.ts";
