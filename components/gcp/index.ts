/** Stores of Google Secret Manager. Needs the peer `@pulumi/gcp`. */
export { GcpSecretStore, type GcpSecretStoreArgs, type GkeClusterArgs } from "./gcp-secret-store.ts";
export type { ExistingGoogleAccount, GoogleAccountChoice, NewGoogleAccountArgs } from "./google-identity.ts";
