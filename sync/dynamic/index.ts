/** What a Pulumi program imports from `pulumi-external-secrets/sync/dynamic`: the same resource with nothing to install. */
export type { Credentials, CredentialValue, InlineStore, Store, StoreReference } from "../resource/inputs.ts";
export type { SyncedSecretArgs } from "../synced-secret-args.ts";
export { SyncedSecret } from "./synced-secret.ts";
